import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ProviderConfig } from "../config/provider-config";
import { Exchange } from "../exchange/exchange";

/** Bytes of the shortest secret: less of a text would be masked that means something else. */
const SHORTEST: i32 = 8;
const MASK = Bytes.of("***");
const SLASH: u8 = 0x2f;
const BACKSLASH: u8 = 0x5c;

/** `text` without the credentials that were sent with this exchange. */
export function maskSent(exchange: Exchange, text: Bytes): Bytes {
  const tokens = exchange.provider.tokens;
  let masked = mask(text, tokens.token(exchange.key));
  for (let i = 0; i < exchange.tried.length; i++) {
    masked = mask(masked, tokens.token(exchange.tried[i]));
  }
  return maskOthers(exchange.provider, mask(masked, exchange.credential));
}

/** The first `most` bytes of a text for the log, without any credential of the provider. */
export function maskedStart(provider: ProviderConfig, text: Bytes, most: i32): Bytes {
  const tokens = provider.tokens;
  let longest = 0;
  for (let i = 0; i < tokens.size; i++) longest = max(longest, tokens.token(i).length);
  const end = min(text.length, most + 2 * longest);
  let masked = text.slice(0, end);
  for (let i = 0; i < tokens.size; i++) masked = mask(masked, tokens.token(i));
  masked = maskOthers(provider, masked);
  // What is cut off may be the rest of a credential that begins before.
  const whole = end < text.length ? masked.length - 2 * longest : masked.length;
  return masked.slice(0, min(whole, most));
}

function maskOthers(provider: ProviderConfig, text: Bytes): Bytes {
  const credential = provider.vendor.credential;
  if (credential === null) return text;
  const secrets = credential.secrets;
  let masked = text;
  for (let i = 0; i < secrets.length; i++) masked = mask(masked, secrets[i]);
  return masked;
}

/** `text` with each `secret` masked, as it is and as JSON may write its slashes. */
function mask(text: Bytes, secret: Bytes): Bytes {
  if (secret.length < SHORTEST) return text;
  const masked = replaceAll(text, secret);
  return secret.indexOf(SLASH) < 0 ? masked : replaceAll(masked, withEscapedSlashes(secret));
}

function replaceAll(text: Bytes, secret: Bytes): Bytes {
  let at = text.find(secret);
  if (at < 0) return text;
  const out = new ByteWriter(text.length);
  let from = 0;
  while (at >= 0) {
    out.bytes(text.slice(from, at)).bytes(MASK);
    from = at + secret.length;
    at = text.find(secret, from);
  }
  return out.bytes(text.slice(from)).toBytes();
}

function withEscapedSlashes(secret: Bytes): Bytes {
  const out = new ByteWriter(secret.length + 8);
  for (let i = 0; i < secret.length; i++) {
    if (secret.at(i) == SLASH) out.byte(BACKSLASH);
    out.byte(secret.at(i));
  }
  return out.toBytes();
}

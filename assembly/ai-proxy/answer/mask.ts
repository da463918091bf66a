import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Exchange } from "../exchange/exchange";
import { Char } from "../../proxy-wasm/char";

/** Shortest masked secret in bytes, so that ordinary text is not masked. */
const SHORTEST: i32 = 8;
const MASK = Bytes.of("***");

/** `text` without the credentials of the operator that were sent with this exchange. */
export function maskSent(exchange: Exchange, text: Bytes): Bytes {
  const tokens = exchange.provider.tokens;
  const secrets = ownSecrets(exchange);
  secrets.push(tokens.token(exchange.key));
  for (let i = 0; i < exchange.tried.length; i++) secrets.push(tokens.token(exchange.tried[i]));
  return maskAll(text, secrets);
}

/** The first `most` bytes of a vendor's text for the log, without any credential of the provider or the client. */
export function maskedStart(exchange: Exchange, text: Bytes, most: i32): Bytes {
  const tokens = exchange.provider.tokens;
  const secrets = ownSecrets(exchange).concat(exchange.clientKeys);
  for (let i = 0; i < tokens.size; i++) secrets.push(tokens.token(i));
  let longest = 0;
  for (let i = 0; i < secrets.length; i++) longest = max(longest, secrets[i].length);
  const end = min(text.length, most + 2 * longest);
  const masked = maskAll(text.slice(0, end), secrets);
  // The cut may be inside a credential.
  const whole = end < text.length ? masked.length - 2 * longest : masked.length;
  return masked.slice(0, min(whole, most));
}

/** The vendor's own kind of credential, and an access token. */
function ownSecrets(exchange: Exchange): Bytes[] {
  const credential = exchange.provider.vendor.credential;
  const live = exchange.runtime.credential;
  let secrets = credential === null ? new Array<Bytes>() : credential.secrets.slice();
  if (live !== null) secrets = secrets.concat(live.secrets);
  secrets.push(exchange.credential);
  return secrets;
}

function maskAll(text: Bytes, secrets: Bytes[]): Bytes {
  for (let i = 0; i < secrets.length; i++) text = mask(text, secrets[i]);
  return text;
}

/** `text` with each `secret` masked, as it is and as JSON may write its slashes. */
function mask(text: Bytes, secret: Bytes): Bytes {
  if (secret.length < SHORTEST) return text;
  const hasSlash = secret.indexOf(Char.Slash) >= 0;
  // First the longer form: one that begins with a slash would leave a backslash.
  if (hasSlash) text = replaceAll(text, withEscapedSlashes(secret));
  return replaceAll(text, secret);
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
    if (secret.at(i) == Char.Slash) out.byte(Char.Backslash);
    out.byte(secret.at(i));
  }
  return out.toBytes();
}

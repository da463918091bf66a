import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { HeaderSnapshot, requestHeaders } from "../../proxy-wasm/header-map";
import { platform } from "../../proxy-wasm/platform";
import { ACCEPT_ENCODING } from "../../http/names";
import { CREDENTIALS } from "../../http/identity-names";
import { Exchange } from "../exchange/exchange";
import { protocolOfHeader } from "../../protocol/registry";
import { PRIVATE, ROUTER, SECRET, TRACING, USUAL } from "../provider/base/header-lists";
import { ACCOUNT_HEADERS } from "../provider/table";
import { Char } from "../../proxy-wasm/char";

const HIGRESS = Bytes.of("x-higress-");
const ORIGINAL_AUTH = Bytes.of("x-hi-original-auth");
const FALLBACK_FROM = Bytes.of("x-higress-fallback-from");
const PROTOCOL = Bytes.of("sec-websocket-protocol");
/** Credentials in the WebSocket subprotocols of browsers, which cannot set headers. */
const IN_PROTOCOL: Bytes[] = [
  Bytes.of("openai-insecure-api-key."),
  Bytes.of("openai-organization."),
  Bytes.of("openai-project."),
];

/** Removes client headers that must not reach the vendor. */
export function dropHeaders(exchange: Exchange, headers: HeaderSnapshot): void {
  const names = headers.allNames();
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name.at(0) == Char.Colon || isForwarded(exchange, headers, name)) continue;
    requestHeaders.remove(name);
  }
  const protocols = headers.get(PROTOCOL);
  if (protocols !== null && !exchange.provider.passesClientKeys) dropInProtocol(protocols);
}

function isForwarded(exchange: Exchange, headers: HeaderSnapshot, name: Bytes): bool {
  const provider = exchange.provider;
  const isGateways = platform().setsConsumerHeader();
  if (USUAL.has(name) || TRACING.has(name) || ROUTER.has(name)) return true;
  // Higress re-enters after a failed provider; its authentication then reads this header.
  if (name.equals(ORIGINAL_AUTH)) return isGateways && headers.has(FALLBACK_FROM);
  if (SECRET.has(name) || name.equals(ACCEPT_ENCODING) || isUnread(exchange, name)) return false;
  if (name.isIn(CREDENTIALS) || name.equals(provider.client.authHeaderKey)) {
    return provider.passesClientKeys;
  }
  if (name.startsWith(HIGRESS) && isGateways) return true;
  if (provider.client.forwarded.has(name)) return true;
  if (ACCOUNT_HEADERS.has(name)) return provider.sendsClientKeys;
  if (provider.keepsRequests) return !PRIVATE.has(name);
  const type = provider.type;
  const isOwn = type.headers.has(name);
  const named = protocolOfHeader(name);
  if (named !== null) {
    // What becomes a chat, or has the vendor's own form, is no longer in that protocol.
    const isOther = exchange.becomesChat || exchange.apiDialect !== null;
    if (isOther) return exchange.plan.native !== null;
    // At a vendor's own paths the client speaks the vendor's form of that protocol.
    if (isOwn || type.hasNativePath(exchange.api)) return true;
    return exchange.protocol === named && exchange.api.length > 0;
  }
  return isOwn || (!provider.knowsHeaders && !PRIVATE.has(name));
}

/** Whether this is the version of the client's protocol, and the vendor's form of its API reads none. */
function isUnread(exchange: Exchange, name: Bytes): bool {
  const native = exchange.plan.native;
  if (native === null || native.takesVersion) return false;
  return name.equals(exchange.protocol.versionHeader);
}

/** Sets the protocols of a WebSocket without the credential among them. */
function dropInProtocol(protocols: Bytes): void {
  const out = new ByteWriter(protocols.length);
  let from = 0;
  while (from <= protocols.length) {
    const comma = protocols.indexOf(Char.Comma, from);
    const to = comma < 0 ? protocols.length : comma;
    const protocol = protocols.slice(from, to).trim();
    from = to + 1;
    if (protocol.length == 0 || isCredential(protocol)) continue;
    if (out.length > 0) out.text(", ");
    out.bytes(protocol);
  }
  if (out.length == protocols.length) return;
  if (out.length == 0) requestHeaders.remove(PROTOCOL);
  else requestHeaders.set(PROTOCOL, out.toBytes());
}

function isCredential(protocol: Bytes): bool {
  for (let i = 0; i < IN_PROTOCOL.length; i++) {
    if (protocol.startsWith(IN_PROTOCOL[i])) return true;
  }
  return false;
}

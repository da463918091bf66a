import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot, requestHeaders } from "../../proxy-wasm/header-map";
import { getProperty, propertyPath, setProperty } from "../../proxy-wasm/property";
import * as header from "../../http/names";
import { CLIENT_KEYS } from "../credential/client-credential";

const NAME = Bytes.of("ai_proxy_original");
const PATH = propertyPath(["ai_proxy_original"]);
const ACCEPT = Bytes.of("accept");

/**
 * As an upstream filter the module runs once for each attempt, and all attempts share one header
 * map: the second finds the path, host and key of the first. Filter state keeps what the client
 * sent.
 */
export function restoreOriginal(headers: HeaderSnapshot): HeaderSnapshot {
  const kept = getProperty(PATH);
  if (kept === null || kept.length == 0) {
    keepOriginal(headers);
    return headers;
  }
  let at = 0;
  for (let i = 0; i < RESTORED.length; i++) {
    const value = kept.framedAt(at);
    if (value === null) break;
    at += value.length + 4;
    if (value.length > 0) requestHeaders.set(RESTORED[i], value);
    else if (headers.has(RESTORED[i])) requestHeaders.remove(RESTORED[i]);
  }
  return requestHeaders.snapshot();
}

/** Headers that the module changes. */
const RESTORED: Bytes[] = [
  header.PATH,
  header.AUTHORITY,
  header.AUTHORIZATION,
  header.CONTENT_LENGTH,
  ACCEPT,
].concat(CLIENT_KEYS);

function keepOriginal(headers: HeaderSnapshot): void {
  const out = new ByteWriter(512);
  for (let i = 0; i < RESTORED.length; i++) out.framed(headers.getOrEmpty(RESTORED[i]));
  setProperty(NAME, out.toBytes());
}

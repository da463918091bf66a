import { Bytes } from "../proxy-wasm/bytes";
import { HeaderSnapshot } from "../proxy-wasm/header-map";
import * as header from "./names";

const IDENTITY = Bytes.of("identity");

/** Whether a `content-encoding` stands for a coding: an empty one and `identity` do not (RFC 9110 8.4). */
export function isCoding(value: Bytes): bool {
  return value.length > 0 && !value.equalsIgnoreCase(IDENTITY);
}

/** Whether the body that belongs to `headers` is compressed or encoded in another way. */
export function isEncoded(headers: HeaderSnapshot): bool {
  const values = headers.all(header.CONTENT_ENCODING);
  for (let i = 0; i < values.length; i++) {
    if (isCoding(values[i])) return true;
  }
  return false;
}

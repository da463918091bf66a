import { HeaderSnapshot } from "../proxy-wasm/header-map";
import { parseDecimal } from "../text/decimal";
import { CONTENT_LENGTH } from "./names";

/** The `content-length` of a request or an answer in bytes; −1 when it is not known. */
export function bodyLength(headers: HeaderSnapshot): i64 {
  const length = headers.get(CONTENT_LENGTH);
  return length === null ? -1 : parseDecimal(length, -1);
}

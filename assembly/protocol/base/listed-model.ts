import { Bytes } from "../../proxy-wasm/bytes";
import { pathOf } from "../../http/url";

const LIST = Bytes.of("/models");
const ONE = Bytes.of("/models/");

/** The model that a path names; empty where it requests the list. `target`: path and query. */
export function modelInPath(target: Bytes): Bytes {
  const path = pathOf(target);
  if (path.endsWith(LIST)) return Bytes.empty();
  const at = path.find(ONE);
  return at < 0 ? Bytes.empty() : path.slice(at + ONE.length);
}

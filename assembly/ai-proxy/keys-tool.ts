/** The keys of the configuration as JSON, for documents and schemas. */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { enter, leave } from "../proxy-wasm/memory";
import "../proxy-wasm/abort";
import { describeKeys } from "../rules/describe-keys";
import { ROOT_KEYS } from "./config/proxy-config";

let result: Bytes = Bytes.empty();

export function resultPointer(): usize {
  return result.pointer;
}

export function resultLength(): i32 {
  return result.length;
}

/** Writes the list of keys. */
export function describe(): void {
  enter();
  const out = new ByteWriter(65_536);
  describeKeys(out, ROOT_KEYS);
  result = out.toBytes();
  leave();
}

/** The keys of the configuration as JSON, for documents and schemas. */
import { enter, leave } from "../proxy-wasm/memory";
import "../proxy-wasm/abort";
import { setResult } from "../proxy-wasm/tool-memory";
import { JsonWriter } from "../json/writer";
import { describeKeys } from "../rules/describe-keys";
import { ROLE_KEYS, ROOT_KEYS } from "./config/parse-config";

export { resultLength, resultPointer } from "../proxy-wasm/tool-memory";

/** Writes the list of keys. */
export function describe(): void {
  enter();
  const out = new JsonWriter(65_536);
  describeKeys(out, ROOT_KEYS.concat(ROLE_KEYS));
  setResult(out.toBytes());
  leave();
}

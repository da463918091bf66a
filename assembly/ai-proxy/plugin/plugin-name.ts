import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getProperty, propertyPath } from "../../proxy-wasm/property";

const NAME = propertyPath(["plugin_name"]);
const ROOT_ID = propertyPath(["plugin_root_id"]);

/** Envoy's names of the plugin: `name` and `root_id`. At configuration time. */
export function pluginName(): Bytes {
  const out = new ByteWriter(64);
  writeProperty(out, NAME);
  writeProperty(out, ROOT_ID);
  return out.toBytes();
}

function writeProperty(out: ByteWriter, path: Bytes): void {
  const value = getProperty(path);
  out.framed(value === null ? Bytes.empty() : value);
}

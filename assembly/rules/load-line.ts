import { Bytes } from "../proxy-wasm/bytes";
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { logInfo, logWarn } from "../proxy-wasm/log";
import { gauges } from "../proxy-wasm/metrics";
import { getProperty, propertyPath } from "../proxy-wasm/property";
import { getShared, setShared } from "../proxy-wasm/shared-data";
import { VERSION } from "../proxy-wasm/version";

const NAME = propertyPath(["plugin_name"]);
const ROOT_ID = propertyPath(["plugin_root_id"]);
const KEY = Bytes.of("loaded:");

/**
 * Logs once which module has loaded and what it will do: every worker configures it, the first one writes
 * the line. `module`: its name. `other`: that of the module whose file may stand in its place. `metric`: the gauge with
 * the version.
 */
export function announce(module: string, other: string, metric: string, summary: string): void {
  gauges(metric, ["version"]).record(1, [VERSION]);
  const line = Bytes.of(module + " " + VERSION + ": " + summary);
  const key = new ByteWriter(64).bytes(KEY).text(module);
  const name = getProperty(NAME);
  const root = getProperty(ROOT_ID);
  key.framed(name === null ? Bytes.empty() : name).framed(root === null ? Bytes.empty() : root);
  const shared = key.toBytes();
  const last = getShared(shared);
  if (last !== null && last.data.equals(line)) return;
  setShared(shared, line);
  logInfo(line.toString());
  // In the other one's place it would do nothing, and say nothing.
  if (root !== null && root.equals(Bytes.of(other))) {
    logWarn(
      "this module is " +
        module +
        ", and the plugin's root_id is " +
        other +
        ": does vm_config.code name the file of the wrong module?",
    );
  }
}

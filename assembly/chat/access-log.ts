import { pathOf } from "../http/url";
import { Bytes } from "../proxy-wasm/bytes";
import { setProperty } from "../proxy-wasm/property";

const CLIENT_PATH = Bytes.of("ai_proxy_path");
const MODEL = Bytes.of("ai_proxy_model");
const MAX_PATH: i32 = 1024;

/** Records the client's path for access logs, without its query, which may contain credentials. */
export function logClientPath(target: Bytes): void {
  setProperty(CLIENT_PATH, pathOf(target).slice(0, MAX_PATH));
}

/**
 * Records for access logs which model a request is for. `name`: a `labelValue`, since clients choose names.
 */
export function logModel(name: Bytes): void {
  setProperty(MODEL, name);
}

import * as header from "../http/names";
import { isJsonType } from "../http/media-type";
import { Bytes } from "../proxy-wasm/bytes";
import { HeaderSnapshot } from "../proxy-wasm/header-map";
import { logWarn } from "../proxy-wasm/log";
import { CacheConfig } from "./config/cache-config";

/** Longest logged path in bytes. */
const MAX_WARNINGS: i32 = 100;

let hasTold: bool = false;

/**
 * Logs once that a path is not cached which the Go plugin would cache, as it does every JSON body, if the
 * configuration is the Go plugin's.
 */
export function warnOfPath(config: CacheConfig, path: Bytes, headers: HeaderSnapshot): void {
  if (hasTold || !config.isOfGo) return;
  if (!isJsonType(headers.getOrEmpty(header.CONTENT_TYPE))) return;
  hasTold = true;
  logWarn(
    "ai-cache: " +
      path.clip(MAX_WARNINGS).toString() +
      " is not cached, unlike in the Go plugin: add its suffix to paths, or set keyMode to text",
  );
}

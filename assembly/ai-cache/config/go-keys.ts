import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { CacheConfig } from "./cache-config";

/** The Go plugin's keys, of today and of the first generation. */
const GO_KEYS = [
  "cache",
  "embedding",
  "vector",
  "redis",
  "cacheTTL",
  "cacheKeyPrefix",
  "cacheKeyStrategy",
  "enableSemanticCache",
  "cacheKeyFrom",
  "cacheValueFrom",
  "cacheStreamValueFrom",
  "cacheToolCallsFrom",
  "responseTemplate",
  "streamResponseTemplate",
  "returnResponseTemplate",
  "returnStreamResponseTemplate",
];

/** Whether all keys, of which there are some, are the Go plugin's. */
export function isOfGo(reader: ConfigReader): bool {
  const keys = reader.keys();
  let any = false;
  for (let i = 0; i < keys.length; i++) {
    if (keys[i].startsWith("_")) continue;
    if (!GO_KEYS.includes(keys[i])) return false;
    any = true;
  }
  return any;
}

/** Clusters whose answers are stored although they say `no-store`. */
export function readNoStore(reader: ConfigReader, config: CacheConfig): void {
  const clusters = reader.texts("ignoreNoStoreOf");
  for (let i = 0; i < clusters.length; i++) config.ignoresNoStoreOf.push(Bytes.of(clusters[i]));
}

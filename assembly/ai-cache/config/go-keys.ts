import { ConfigReader } from "../../rules/config-reader";

/** The Go plugin's keys, of today and of the first generation. */
const GO_KEYS: StaticArray<string> = [
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

/** Whether there are keys and all are the Go plugin's. */
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

import { ConfigReader } from "../../rules/config-reader";

const SERVICE_TEXTS = ["serviceName", "serviceHost", "serviceDomain", "cluster"];
const REDIS_TEXTS = ["username", "password", "cacheKeyPrefix", "transport"];

const MAX_MS: i64 = 600_000;
const MAX_PORT: i64 = 65_535;

/** Counts the keys of a Redis as known where no Redis is used. */
export function ignoreRedisKeys(section: ConfigReader): void {
  readTexts(section, SERVICE_TEXTS);
  readTexts(section, REDIS_TEXTS);
  section.positive("servicePort", 0, MAX_PORT);
  section.positive("timeout", 0, MAX_MS);
  section.integer("database", 0, 0, 1_000_000);
}

function readTexts(section: ConfigReader, keys: string[]): void {
  for (let i = 0; i < keys.length; i++) section.text(keys[i], "");
}

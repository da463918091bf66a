/**
 * The sections of the configuration that name outside services. Their keys are read and checked
 * here; the types that this version cannot use yet are refused with a message that says so.
 */
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

/** The sections of the 2024 prototype. */
export function readPrototype(root: ConfigReader): void {
  const sections = ["embeddingProvider", "vectorProvider", "vectorBaseProvider"];
  for (let i = 0; i < sections.length; i++) {
    const section = root.object(sections[i]);
    if (section !== null) {
      section.diagnostics.error(
        section.path,
        "outside embedding and vector services are not supported by this version; leave the section out",
      );
    }
  }
}

function readTexts(section: ConfigReader, keys: string[]): void {
  for (let i = 0; i < keys.length; i++) section.text(keys[i], "");
}

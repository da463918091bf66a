import { Bytes } from "../../proxy-wasm/bytes";
import { hostLinks, RedisSettings } from "../../redis/redis-link";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { SERVICE_KEYS, SERVICE_TIMEOUT, ServicePlace } from "./service-keys";

/** `transport`, in the order of its choices. */
export enum Transport {
  Tcp = 0,
  Pool = 1,
  Webdis = 2,
  Upstash = 3,
  /** The host's own client. */
  Host = 4,
}

const REDIS_PORTS = [6379];
const WEBDIS_PORTS = [7379];
const HTTPS_PORTS = [443];
export const DEFAULT_PREFIX = "higress-ai-cache:";

const TRANSPORT = <ConfigKey>{
  name: "transport",
  form: KeyForm.Choice,
  choices: ["tcp", "pool", "webdis", "upstash", "host"],
  defaultNote: "`tcp`; `host` on Higress",
  meaning: "[which way](redis.md#which-way) Redis is reached",
};
const USERNAME = <ConfigKey>{
  name: "username",
  decidesCredential: true,
  meaning: "user of Redis, or of the HTTP front",
};
const PASSWORD = <ConfigKey>{ name: "password", isSecret: true, meaning: "the password" };
const DATABASE = <ConfigKey>{
  name: "database",
  form: KeyForm.Integer,
  max: 1_000_000,
  meaning: "number of the database",
};
const KEY_PREFIX = <ConfigKey>{
  name: "cacheKeyPrefix",
  defaultNote: "`higress-ai-cache:`",
  meaning: "prefix of all keys in Redis",
};

/** Keys of `cache` with `type: redis`. */
export const REDIS_KEYS: ConfigKey[] = SERVICE_KEYS.concat([
  TRANSPORT,
  USERNAME,
  PASSWORD,
  DATABASE,
  SERVICE_TIMEOUT,
  KEY_PREFIX,
]);

/** A parsed Redis section. */
export class RedisConfig {
  constructor(
    readonly transport: Transport,
    readonly settings: RedisSettings,
    /** `cacheKeyPrefix`. */
    readonly prefix: string,
    /** Longest key in bytes; longer ones are not looked up. */
    readonly maxKeyBytes: i32,
    /** How and where it is reached, for logs. */
    readonly note: string,
  ) {}
}

/**
 * Reads `cache` with `type: redis`, or `redis` of the first generation. `topPrefix`: `cacheKeyPrefix` of
 * the first generation at the top. `budgetMs`: timeout of a look-up with all its calls.
 */
export function readRedis(
  keys: KeyReader,
  topPrefix: string,
  budgetMs: u32,
  maxValueBytes: i32,
  maxKeyBytes: i32,
): RedisConfig {
  const service = new ServicePlace(keys);
  service.check(keys, "cache");
  const hasHostLinks = hostLinks() !== null;
  const usual = hasHostLinks ? Transport.Host : Transport.Tcp;
  const transport = <Transport>keys.choiceOr(TRANSPORT, usual);
  if (transport == Transport.Host && !hasHostLinks) {
    keys.error(TRANSPORT, "this host has no Redis calls: use tcp");
  }
  let ports = REDIS_PORTS;
  if (transport == Transport.Webdis) ports = WEBDIS_PORTS;
  else if (transport == Transport.Upstash) ports = HTTPS_PORTS;
  const settings = new RedisSettings(service.clusters(ports));
  settings.username = Bytes.of(keys.text(USERNAME));
  settings.password = Bytes.of(keys.text(PASSWORD));
  settings.database = <i32>keys.integer(DATABASE);
  settings.timeoutMs = min(<u32>keys.integer(SERVICE_TIMEOUT), budgetMs);
  settings.maxValueBytes = maxValueBytes;
  settings.host = Bytes.of(service.host.length > 0 ? service.host : service.label);
  if (transport == Transport.Pool && settings.database > 0) {
    keys.error(DATABASE, "cannot be chosen through redis_proxy, whose connections all users share");
  }
  if (settings.password.length > 0 && transport == Transport.Pool) {
    keys.warn(PASSWORD, "is not used: redis_proxy logs in with that of its cluster");
  }
  const prefix = keys.has(KEY_PREFIX) ? keys.exactText(KEY_PREFIX) : topPrefix;
  const target = service.cluster.length > 0 ? service.cluster : service.name;
  const note = "redis " + TRANSPORT.choices[transport] + " → cluster " + target;
  return new RedisConfig(transport, settings, prefix, maxKeyBytes, note);
}

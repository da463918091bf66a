import { Bytes } from "../../proxy-wasm/bytes";
import { clusterNames } from "../../service/cluster-names";
import { ConfigReader } from "../../rules/config-reader";
import { hostLinks, RedisSettings } from "../../redis/redis-link";
import { checkService } from "./plausible";

/** `transport`; its words are `TRANSPORTS`, in this order. */
export enum Transport {
  Tcp = 0,
  Pool = 1,
  Webdis = 2,
  Upstash = 3,
  /** The host's own client. */
  Host = 4,
}

const TRANSPORTS = ["tcp", "pool", "webdis", "upstash", "host"];
const REDIS_PORTS = [6379];
const WEBDIS_PORTS = [7379];
const HTTPS_PORTS = [443];
const MAX_MS: i64 = 600_000;
const MAX_PORT: i64 = 65_535;
const DEFAULT_TIMEOUT_MS: i64 = 10_000;
export const DEFAULT_PREFIX = "higress-ai-cache:";

/** What a section about Redis says. */
export class RedisConfig {
  constructor(
    readonly transport: Transport,
    readonly settings: RedisSettings,
    /** `cacheKeyPrefix`. */
    readonly prefix: string,
    /** Bytes of a key; a longer one is not looked up. */
    readonly maxKeyBytes: i32,
    /** How and where it is reached, for people. */
    readonly note: string,
  ) {}
}

/**
 * Reads `cache` with `type: redis`, or `redis` of the first generation. `topPrefix`: `cacheKeyPrefix`
 * of the first generation at the top. `budgetMs`: what a look-up may take with all its calls.
 */
export function readRedis(
  section: ConfigReader,
  topPrefix: string,
  budgetMs: u32,
  maxValueBytes: i32,
  maxKeyBytes: i32,
): RedisConfig {
  const name = section.text("serviceName", "");
  const cluster = section.text("cluster", "");
  checkService(section, "cache");
  const hasHostLinks = hostLinks() !== null;
  const word = section.choice("transport", TRANSPORTS, hasHostLinks ? "host" : "tcp");
  const transport = <Transport>max(0, TRANSPORTS.indexOf(word));
  if (transport == Transport.Host && !hasHostLinks) {
    section.diagnostics.error(
      section.pathOf("transport"),
      "this host does not speak Redis: use tcp",
    );
  }
  const port = <i32>section.positive("servicePort", 0, MAX_PORT);
  let ports = REDIS_PORTS;
  if (transport == Transport.Webdis) ports = WEBDIS_PORTS;
  else if (transport == Transport.Upstash) ports = HTTPS_PORTS;
  const settings = new RedisSettings(clusterNames(cluster, name, port, ports));
  settings.username = Bytes.of(section.text("username", ""));
  settings.password = Bytes.of(section.text("password", ""));
  settings.database = <i32>section.integer("database", 0, 0, 1_000_000);
  const timeout = <u32>section.positive("timeout", DEFAULT_TIMEOUT_MS, MAX_MS);
  settings.timeoutMs = min(timeout, budgetMs);
  settings.maxValueBytes = maxValueBytes;
  let host = section.text("serviceHost", "");
  if (host.length == 0) host = section.text("serviceDomain", "");
  settings.host = Bytes.of(host.length > 0 ? host : name.length > 0 ? name : cluster);
  if (transport == Transport.Pool && settings.database > 0) {
    section.diagnostics.error(
      section.pathOf("database"),
      "cannot be chosen through redis_proxy, whose connections all users share",
    );
  }
  if (settings.password.length > 0 && transport == Transport.Pool) {
    section.diagnostics.warn(
      section.pathOf("password"),
      "is not used: redis_proxy logs in with that of its cluster",
    );
  }
  const prefix = section.has("cacheKeyPrefix")
    ? section.text("cacheKeyPrefix", DEFAULT_PREFIX)
    : topPrefix;
  const target = cluster.length > 0 ? cluster : name;
  const note = "redis " + word + " → cluster " + target;
  return new RedisConfig(transport, settings, prefix, maxKeyBytes, note);
}

import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { KeyMode } from "../key/key-mode";
import { LifeMode } from "../life/life-config";
import { MAX_SLOTS } from "../policy/store-state";
import { CacheConfig } from "./cache-config";
import { LIFE_KEYS, readLife } from "./life-section";
import { POLICY_KEYS, readPolicy } from "./policy-section";
import { DEFAULT_PREFIX, readRedis, REDIS_KEYS } from "./redis-section";
import { hasService } from "./service-keys";

const MIB: i64 = 1 << 20;
const DEFAULT_TTL: i64 = 86_400;
const MAX_TTL: i64 = 10 * 366 * 86_400;
/** Bytes of a record besides the answer: question, model and framing. */
const RECORD_OVERHEAD: i32 = 65_536;

const TYPE = <ConfigKey>{
  name: "type",
  form: KeyForm.Choice,
  choices: ["memory", "redis"],
  defaultNote: "`memory`",
  meaning:
    "where answers are stored; `redis` shares them between Envoys and takes the keys in [redis](redis.md)",
};
const TTL = <ConfigKey>{
  name: "cacheTTL",
  form: KeyForm.Integer,
  unit: Unit.Seconds,
  max: MAX_TTL,
  countsZero: true,
  defaultNote: "–",
  meaning:
    "how long an answer may be served, 0 forever; also accepted at the top level. If unset, lifetimes are [learned](policy.md#how-long-answers-live) (with a Redis and `keyMode: text`: 0)",
};
const ENTRIES = <ConfigKey>{
  name: "maxEntries",
  form: KeyForm.Integer,
  defaultValue: 10_000,
  max: <i64>MAX_SLOTS,
  meaning: "entries in memory, all workers together",
};
const BYTES = <ConfigKey>{
  name: "maxBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: 64 * MIB,
  min: 64 * 1024,
  max: 64 * 1024 * MIB,
  meaning:
    "size of all entries together, including an overhead of 320 bytes each; one entry may take at most an eighth",
};

const CACHE_KEYS: ConfigKey[] = [TYPE, TTL, ENTRIES, BYTES].concat(POLICY_KEYS).concat(REDIS_KEYS);
const CACHE = <ConfigKey>{
  name: "cache",
  form: KeyForm.Object,
  keys: CACHE_KEYS,
  meaning: "where answers are stored",
};
/** The first generation's form of `cache`. */
const OLD_REDIS = <ConfigKey>{
  name: "redis",
  form: KeyForm.Object,
  keys: REDIS_KEYS.concat([TTL]),
};
export const LIFE = <ConfigKey>{
  name: "life",
  form: KeyForm.Object,
  keys: LIFE_KEYS,
  meaning: "how long answers live",
};
const OLD_TTL = <ConfigKey>{
  name: "cacheTTL",
  form: KeyForm.Integer,
  unit: Unit.Seconds,
  max: MAX_TTL,
  countsZero: true,
};
const OLD_PREFIX = <ConfigKey>{ name: "cacheKeyPrefix", fallback: DEFAULT_PREFIX };
const MAX_KEY_BYTES = <ConfigKey>{
  name: "maxKeyBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: 65_536,
  max: MIB,
  meaning: "longer keys of `keyMode: text` are not looked up in Redis",
};

/** Top-level keys: where answers are cached, and for how long. */
export const STORE_KEYS: ConfigKey[] = [CACHE, MAX_KEY_BYTES, OLD_TTL, OLD_PREFIX, OLD_REDIS];

/**
 * `cache`, or `redis` of the first generation, which overrides it. With a Redis, the memory of this Envoy
 * is the first tier. After `keyMode`, the limits and `totalTimeout`.
 */
export function readStore(keys: KeyReader, config: CacheConfig): void {
  const old = keys.section(OLD_REDIS);
  const section = keys.section(CACHE);
  config.maxEntries = <u32>(section === null ? ENTRIES.defaultValue : section.integer(ENTRIES));
  config.maxBytes = <u64>(section === null ? BYTES.defaultValue : section.integer(BYTES));
  config.policy = readPolicy(section);
  const isRedis = old !== null || (section !== null && section.choice(TYPE) == "redis");
  const store = old !== null ? old : section;
  // The Go plugin keeps answers forever by default.
  const usual = keys.integerOr(OLD_TTL, isRedis ? 0 : DEFAULT_TTL);
  config.ttl = <u64>(store === null ? usual : store.integerOr(TTL, usual));
  // Records that are shared as text have the Go plugin's lifetime.
  const isFixed =
    keys.has(OLD_TTL) ||
    (store !== null && store.has(TTL)) ||
    (isRedis && config.keyMode == KeyMode.Text);
  config.life = readLife(
    keys.section(LIFE),
    isFixed ? LifeMode.Fixed : LifeMode.Learn,
    config.cacheControl,
  );
  const prefix = keys.exactText(OLD_PREFIX);
  const maxKeyBytes = <i32>keys.integer(MAX_KEY_BYTES);
  if (store !== null && isRedis) {
    const room = config.maxAnswerBytes + RECORD_OVERHEAD;
    config.redis = readRedis(store, prefix, config.match.totalTimeoutMs, room, maxKeyBytes);
  } else if (store !== null) refuseLooseRedis(store);
  if (old !== null) old.finish();
  if (section !== null) section.finish();
}

/** Where a Redis is, without the word that it is to be used. */
function refuseLooseRedis(keys: KeyReader): void {
  if (!hasService(keys)) return;
  if (keys.has(TYPE)) {
    keys.warn(
      TYPE,
      'answers stay in memory, and serviceName is not used: for a Redis write "type": "redis"',
    );
    return;
  }
  keys.error(TYPE, 'is missing, and without it answers stay in memory: write "type": "redis"');
}

import { Bytes } from "../../proxy-wasm/bytes";
import { DEFAULT_HOLD_MS, MAX_HOLD_MS } from "../../proxy-wasm/hold-watch";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { isToken } from "../../http/token";
import { ConfigReader } from "../../rules/config-reader";
import { Diagnostics } from "../../rules/diagnostics";
import { hasGlobalKeys, openConfiguration, openRules } from "../../rules/root-document";
import { MATCH_KEYS, Rule } from "../../rules/rule-set";
import { DEFAULT_STREAM_TEMPLATE, DEFAULT_TEMPLATE, hasPlaceholder } from "../store/template";
import { readAnswerPaths, readKeyPath } from "./answer-section";
import { isOfGo, readNoStore } from "./go-keys";
import { CacheConfig, CacheConfigSet } from "./cache-config";
import { KeyMode, KeyStrategy } from "../key/key-mode";
import { readTenant } from "../identity/tenant-section";
import { readAdmin } from "./admin-section";
import { readCacheable } from "./cacheable-section";
import { FunctionName } from "./cached-paths";
import { Role } from "./role";
import { MAX_ENTRIES } from "../store/memory-store";
import { EmbeddingConfig } from "../embedding/embedding-config";
import { readEmbedding } from "./embedding-section";
import { LifeMode } from "../life/life-config";
import { readLearning } from "./learning-section";
import { readLife } from "./life-section";
import { readPolicy } from "./policy-section";
import { readPrices } from "../../rules/prices-section";
import { readMatch } from "./match-config";
import { DEFAULT_PREFIX, readRedis } from "./redis-section";
import { embeddingOfPrototype, isOfPrototype, vectorOfPrototype } from "./prototype";
import { refuseLooseRedis, templateFault } from "./plausible";
import { ignoreRedisKeys } from "./service-sections";
import { readVectorSection, VectorSection } from "./vector-section";

const MIB: i64 = 1 << 20;
const DEFAULT_TTL: i64 = 86_400;
const MAX_TTL: i64 = 10 * 366 * 86_400;
const DEFAULT_ENTRIES: i64 = 10_000;
const DEFAULT_STORE_BYTES: i64 = 64 * MIB;
const DEFAULT_REQUEST_BYTES: i64 = 16 * MIB;
const MAX_REQUEST_BYTES: i64 = 100 * MIB;
const DEFAULT_ANSWER_BYTES: i64 = MIB;
const MAX_ANSWER_BYTES: i64 = 16 * MIB;
const DEFAULT_BUFFERED_BYTES: i64 = 128 * MIB;
/** While a body is looked at it exists three times, and Envoy ends a VM at 1 GiB. */
const MAX_BUFFERED_BYTES: i64 = 256 * MIB;
const DEFAULT_KEY_BYTES: i64 = 65_536;
const MAX_KEY_BYTES: i64 = MIB;
/** What a stored record holds besides the answer: question, model and their frame. */
const RECORD_OVERHEAD: i32 = 65_536;
const CACHE_TYPES = ["memory", "redis"];
const ROLES = ["hop-addtrailer", "hop-hold", "admin"];
const STRATEGIES = ["lastQuestion", "allQuestions", "disabled", "disable"];

/**
 * Reads a plugin configuration. `known`: the functions that can be cached. A pure function: what is wrong stands in the result's diagnostics,
 * and a configuration with errors must not be used. Every rule is complete in itself and inherits
 * nothing; a bad global configuration beside rules is dropped with a warning.
 */
export function parseConfiguration(configuration: Bytes, known: FunctionName[]): CacheConfigSet {
  const set = new CacheConfigSet(new Diagnostics());
  const root = openConfiguration(configuration, set.diagnostics, true);
  if (root === null) return set;
  if (root.has("role")) {
    set.role = readRole(root, set, known);
    return set;
  }
  const rules = openRules(root);
  for (let i = 0; i < rules.length; i++) {
    set.rules.add(new Rule(rules[i]));
    const config = parseOne(rules[i], known);
    config.ruleIdentity = identityOf(rules[i]);
    set.ofRule.push(config);
  }
  if (!hasGlobalKeys(root)) {
    set.rules.dropGlobal();
    return set;
  }
  if (rules.length == 0) {
    set.global = parseOne(root, known);
    return set;
  }
  parseGlobalBesideRules(root, set, known);
  return set;
}

/** `role`: nothing else is read beside it, but for the admin, which is told of the stores too. */
function readRole(root: ConfigReader, set: CacheConfigSet, known: FunctionName[]): i32 {
  const word = root.choice("role", ROLES, "");
  if (word == ROLES[2]) {
    set.admin = readAdmin(root);
    set.stores = parseOne(root, known);
    return Role.Admin;
  }
  root.finish();
  return word == ROLES[0] ? Role.AddTrailer : Role.HoldTrailer;
}

function parseGlobalBesideRules(
  root: ConfigReader,
  set: CacheConfigSet,
  known: FunctionName[],
): void {
  const own = new Diagnostics();
  const reader = new ConfigReader(root.document, root.node, "", own, true);
  reader.ignore("_plugin_id_");
  reader.ignore("_rules_");
  const global = parseOne(reader, known);
  for (let i = 0; i < own.warnings.length; i++) set.diagnostics.warn("", own.warnings[i]);
  for (let i = 0; i < own.notes.length; i++) set.diagnostics.note("", own.notes[i]);
  if (own.ok) {
    set.global = global;
    return;
  }
  set.rules.dropGlobal();
  set.diagnostics.warn(
    "",
    "the configuration outside _rules_ is not used: " + own.errors.join("; "),
  );
}

function parseOne(reader: ConfigReader, known: FunctionName[]): CacheConfig {
  const config = new CacheConfig(readKeyPath(reader));
  for (let i = 0; i < MATCH_KEYS.length; i++) reader.ignore(MATCH_KEYS[i]);
  readKey(reader, config, known);
  readReplay(reader, config);
  config.tenant = readTenant(reader, isOfPrototype(reader));
  noteSharing(reader, config);
  readLimits(reader, config);
  readAnswerPaths(reader, config);
  readNoStore(reader, config);
  readMeaning(reader, config);
  readStore(reader, config);
  config.cacheControl = reader.boolean("cacheControl", true);
  config.cacheActing = reader.boolean("cacheActing", false);
  config.statusHeader = reader.boolean("statusHeader", true);
  config.explain = reader.boolean("explain", false);
  config.isOfGo = isOfGo(reader);
  reader.finish();
  return config;
}

/** Says whose answers are shared where that does not stand in `tenant`. */
function noteSharing(reader: ConfigReader, config: CacheConfig): void {
  if (config.keyMode == KeyMode.Text) {
    reader.diagnostics.note(
      reader.pathOf("keyMode"),
      "the text alone is the key, so that all clients share answers, as in the Go plugin",
    );
  } else if (config.tenant.sharesAnonymous && !reader.has("tenant")) {
    reader.diagnostics.note(
      reader.path,
      'is of the 2024 form: requests without a credential share answers, as tenant.anonymous "share" has it',
    );
  }
}

/** How questions are matched by meaning, and by which services. */
function readMeaning(reader: ConfigReader, config: CacheConfig): void {
  const oldEmbedding = embeddingOfPrototype(reader);
  const ownEmbedding = reader.object("embedding");
  const section = ownEmbedding !== null ? ownEmbedding : oldEmbedding;
  let embedding: EmbeddingConfig | null = null;
  if (section !== null) embedding = readEmbedding(section);
  let vector = new VectorSection();
  const oldVector = vectorOfPrototype(reader);
  const ownVector = reader.object("vector");
  const stored = ownVector !== null ? ownVector : oldVector;
  if (stored !== null) vector = readVectorSection(stored);
  const threshold = vector.threshold;
  // `keyMode: text` stands for the Go plugin, which matches by meaning with services only.
  const usual = config.keyMode == KeyMode.Full || embedding !== null;
  const model = embedding === null ? "" : embedding.modelName;
  config.learning = readLearning(reader);
  config.prices = readPrices(reader);
  config.match = readMatch(reader, usual, model, threshold, config.learning.judge !== null);
  if (embedding !== null && config.match.enabled && reader.diagnostics.ok) {
    const store = vector.store;
    config.embedding = embedding;
    if (store !== null) {
      store.timeoutMs = min(store.timeoutMs, config.match.totalTimeoutMs);
      if (config.keyMode == KeyMode.Text) store.extraFields = false;
      config.vectors = store;
    }
  } else if (vector.store !== null && embedding === null) {
    reader.diagnostics.warn(reader.pathOf("vector"), "is not used without an embedding service");
  }
}

/**
 * `cache`, or `redis` of the first generation, which overrides it. In front of a Redis the memory of
 * this Envoy is the first tier. After `keyMode`, the limits and `totalTimeout`.
 */
function readStore(reader: ConfigReader, config: CacheConfig): void {
  const legacy = reader.object("redis");
  const section = reader.object("cache");
  readCaps(section, config);
  config.policy = readPolicy(section);
  let isRedis = legacy !== null;
  if (section !== null) {
    const type = section.choice("type", CACHE_TYPES, "");
    if (legacy === null) isRedis = type == "redis";
  }
  const store = legacy !== null ? legacy : section;
  // The Go plugin keeps answers for ever unless it is told otherwise.
  const usual = reader.integer("cacheTTL", isRedis ? 0 : DEFAULT_TTL, 0, MAX_TTL);
  config.ttl = <u64>usual;
  // What others read as text has the life that the Go plugin gives it.
  const isFixed =
    reader.has("cacheTTL") ||
    (store !== null && store.has("cacheTTL")) ||
    (isRedis && config.keyMode == KeyMode.Text);
  config.life = readLife(reader, isFixed ? LifeMode.Fixed : LifeMode.Learn);
  const prefix = reader.text("cacheKeyPrefix", DEFAULT_PREFIX);
  const maxKeyBytes = <i32>reader.positive("maxKeyBytes", DEFAULT_KEY_BYTES, MAX_KEY_BYTES);
  if (store !== null) {
    config.ttl = <u64>store.integer("cacheTTL", usual, 0, MAX_TTL);
    if (isRedis) {
      const room = config.maxAnswerBytes + RECORD_OVERHEAD;
      config.redis = readRedis(store, prefix, config.match.totalTimeoutMs, room, maxKeyBytes);
    } else {
      ignoreRedisKeys(store);
      refuseLooseRedis(store);
    }
  }
  if (legacy !== null && section !== null) ignoreRedisKeys(section);
  if (legacy !== null) legacy.finish();
  if (section !== null) section.finish();
}

function readCaps(section: ConfigReader | null, config: CacheConfig): void {
  config.maxEntries = <u32>DEFAULT_ENTRIES;
  config.maxBytes = <u64>DEFAULT_STORE_BYTES;
  if (section === null) return;
  config.maxEntries = <u32>section.positive("maxEntries", DEFAULT_ENTRIES, <i64>MAX_ENTRIES);
  config.maxBytes = <u64>(
    section.integer("maxBytes", DEFAULT_STORE_BYTES, 64 * 1024, 64 * 1024 * MIB)
  );
}

function readKey(reader: ConfigReader, config: CacheConfig, known: FunctionName[]): void {
  const strategy = reader.choice("cacheKeyStrategy", STRATEGIES, "lastQuestion");
  if (strategy == "allQuestions") config.keyStrategy = KeyStrategy.AllQuestions;
  else if (strategy != "lastQuestion") config.keyStrategy = KeyStrategy.Disabled;
  if (reader.choice("keyMode", ["full", "text"], "full") == "text") config.keyMode = KeyMode.Text;
  config.revision = Bytes.of(reader.text("revision", ""));
  readCacheable(reader, config, known);
  const headers = reader.texts("scopeHeaders");
  for (let i = 0; i < headers.length; i++) {
    const name = headers[i].toLowerCase();
    if (isToken(name)) config.scopeHeaders.push(Bytes.of(name));
    else {
      const message = '"' + headers[i] + '" is no name of a header';
      reader.diagnostics.error(reader.pathOf("scopeHeaders"), message);
    }
  }
}

function readReplay(reader: ConfigReader, config: CacheConfig): void {
  const usual = config.keyMode == KeyMode.Text ? "compat" : "full";
  const compat = reader.choice("replay", ["full", "compat"], usual) == "compat";
  config.template = readTemplate(
    reader,
    ["returnResponseTemplate", "responseTemplate"],
    compat ? DEFAULT_TEMPLATE : "",
  );
  config.streamTemplate = readTemplate(
    reader,
    ["returnStreamResponseTemplate", "ReturnStreamResponseTemplate", "streamResponseTemplate"],
    compat ? DEFAULT_STREAM_TEMPLATE : "",
  );
  reader.text("returnTestResponseTemplate", "");
}

/** The first of several keys that is set wins; null when there is no template at all. */
function readTemplate(reader: ConfigReader, keys: string[], usual: string): Bytes | null {
  let template = "";
  for (let i = 0; i < keys.length; i++) {
    const value = reader.text(keys[i], "");
    if (value.length == 0 || template.length > 0) continue;
    template = value;
    if (!hasPlaceholder(Bytes.of(value))) {
      reader.diagnostics.warn(reader.pathOf(keys[i]), "has no %s: every hit gets the same reply");
    }
    const fault = templateFault(value, keys[i]);
    if (fault.length > 0) reader.diagnostics.warn(reader.pathOf(keys[i]), fault);
  }
  if (template.length == 0) template = usual;
  return template.length > 0 ? Bytes.of(template) : null;
}

function readLimits(reader: ConfigReader, config: CacheConfig): void {
  config.maxRequestBytes = reader.positive(
    "maxRequestBytes",
    DEFAULT_REQUEST_BYTES,
    MAX_REQUEST_BYTES,
  );
  config.maxAnswerBytes = <i32>(
    reader.positive("maxAnswerBytes", DEFAULT_ANSWER_BYTES, MAX_ANSWER_BYTES)
  );
  config.maxBufferedBytes = reader.positive(
    "maxBufferedBytes",
    DEFAULT_BUFFERED_BYTES,
    MAX_BUFFERED_BYTES,
  );
  config.holdTimeoutMs = <u64>reader.positive("requestHoldTimeout", DEFAULT_HOLD_MS, MAX_HOLD_MS);
}

/** The match lists as written: what tells a rule's entries apart from those of another. */
function identityOf(reader: ConfigReader): Bytes {
  const out = new ByteWriter(64);
  for (let i = 0; i < MATCH_KEYS.length; i++) out.framed(reader.raw(MATCH_KEYS[i]));
  return out.toBytes().copy();
}

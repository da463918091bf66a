import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { isToken } from "../../http/token";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { ConfigReader } from "../../rules/config-reader";
import { Diagnostics } from "../../rules/diagnostics";
import { KeyReader } from "../../rules/key-reader";
import { hasGlobalKeys, openConfiguration, openRules } from "../../rules/root-document";
import { noVariables, Variables } from "../../rules/variables";
import { MATCH_KEYS, Rule, RULE_KEYS } from "../../rules/rule-set";
import { readTenant, TENANT_KEYS } from "../identity/tenant-section";
import { KeyMode, KeyStrategy } from "../key/key-mode";
import { ADMIN_KEYS, readAdmin } from "./admin-section";
import { PLACE_KEYS, readAnswerPaths, readKeyPath } from "./answer-section";
import { CacheConfig, CacheConfigSet } from "./cache-config";
import { CACHEABLE_KEYS, readCacheable } from "./cacheable-section";
import { FunctionName } from "./cached-paths";
import { isOfGo } from "./go-keys";
import { LIMIT_KEYS, readLimits } from "./limits-section";
import { readMeaning, SEMANTIC_KEYS } from "./meaning-section";
import { isOfPrototype } from "./prototype";
import { readReplay, REPLAY_KEYS } from "./replay-section";
import { Role } from "./role";
import { LIFE, readStore, STORE_KEYS } from "./store-section";

const ROLE = <ConfigKey>{
  name: "role",
  form: KeyForm.Choice,
  choices: ["hop-addtrailer", "hop-hold", "admin"],
  defaultNote: "–",
  meaning:
    "what the module does instead of caching: `hop-addtrailer`, `hop-hold` on the way to a pooled [Redis](redis.md#which-way), `admin` [deletes entries](purge.md)",
};
const KEY_MODE = <ConfigKey>{
  name: "keyMode",
  form: KeyForm.Choice,
  choices: ["full", "text"],
  fallback: "full",
  meaning:
    "`full`: the key covers every field that decides the answer. `text`: the question alone, as in the Go plugin",
};
const KEY_STRATEGY = <ConfigKey>{
  name: "cacheKeyStrategy",
  form: KeyForm.Choice,
  choices: ["lastQuestion", "allQuestions", "disabled", "disable"],
  fallback: "lastQuestion",
  meaning:
    "for `keyMode: text`: `lastQuestion` or `allQuestions`; `disabled` switches the cache off",
};
const IGNORE_NO_STORE_OF = <ConfigKey>{
  name: "ignoreNoStoreOf",
  form: KeyForm.Texts,
  meaning:
    'clusters whose answers are stored despite `Cache-Control: no-store`, which some servers send with every stream; `"*"` for all',
};
const TENANT = <ConfigKey>{
  name: "tenant",
  form: KeyForm.Object,
  keys: TENANT_KEYS,
  meaning: "whose answers are kept separate",
};
const SCOPE_HEADERS = <ConfigKey>{
  name: "scopeHeaders",
  form: KeyForm.Texts,
  meaning:
    "additional headers that decide the answer, besides [those of vendors and routers](functions.md#what-the-key-covers); if a later filter sets a route's `cluster_header`, name the headers it is derived from",
};
const REVISION = <ConfigKey>{
  name: "revision",
  defaultNote: '`""`',
  meaning: "part of every key: changing it makes all existing entries unreachable",
};
const CACHE_CONTROL = <ConfigKey>{
  name: "cacheControl",
  form: KeyForm.Boolean,
  isOn: true,
  meaning: "whether the `Cache-Control` of requests is honoured",
};
const CACHE_ACTING = <ConfigKey>{
  name: "cacheActing",
  form: KeyForm.Boolean,
  meaning:
    "whether requests are cached for which the provider acts or reads changing data (MCP servers, containers, code interpreters, hosted shells, computer use, file search): a hit would not act again",
};
const STATUS_HEADER = <ConfigKey>{
  name: "statusHeader",
  form: KeyForm.Boolean,
  isOn: true,
  meaning: "whether responses carry `Cache-Status`",
};
const EXPLAIN = <ConfigKey>{
  name: "explain",
  form: KeyForm.Boolean,
  meaning: "whether it includes the reason and the entry's id",
};

/**
 * Keys of the whole configuration. Where two sections have a key, a misplaced one is attributed to the
 * first.
 */
export const ROOT_KEYS: ConfigKey[] = STORE_KEYS.concat([KEY_MODE, KEY_STRATEGY])
  .concat(PLACE_KEYS)
  .concat([IGNORE_NO_STORE_OF, TENANT, SCOPE_HEADERS, REVISION])
  .concat(CACHEABLE_KEYS)
  .concat([CACHE_CONTROL, CACHE_ACTING, STATUS_HEADER, EXPLAIN])
  .concat(REPLAY_KEYS)
  .concat(SEMANTIC_KEYS)
  .concat([LIFE])
  .concat(LIMIT_KEYS)
  .concat(RULE_KEYS);

/** Further keys for modules that do not cache. */
export const ROLE_KEYS: ConfigKey[] = [ROLE].concat(ADMIN_KEYS);

/**
 * Reads a plugin configuration. `known`: the functions that can be cached. `variables`: what texts such as
 * `${NAME}` stand for. A pure function: faults are in the result's diagnostics, and a configuration with
 * errors must not be used. Every rule is complete in itself and inherits nothing; a bad global
 * configuration next to rules is dropped with a warning.
 */
export function parseConfiguration(
  configuration: Bytes,
  known: FunctionName[],
  variables: Variables = noVariables,
): CacheConfigSet {
  const set = new CacheConfigSet(new Diagnostics());
  const root = openConfiguration(configuration, set.diagnostics, variables);
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
  parseGlobalWithRules(root, set, known);
  return set;
}

/** Reads `role`. With one nothing else is read, except the stores for the admin. */
function readRole(root: ConfigReader, set: CacheConfigSet, known: FunctionName[]): Role {
  const keys = new KeyReader(root, ROLE_KEYS);
  const role = keys.choice(ROLE);
  if (role == "admin") {
    set.admin = readAdmin(keys);
    set.stores = parseOne(root, known);
    return Role.Admin;
  }
  root.finish();
  return role == "hop-addtrailer" ? Role.AddTrailer : Role.HoldTrailer;
}

function parseGlobalWithRules(
  root: ConfigReader,
  set: CacheConfigSet,
  known: FunctionName[],
): void {
  const own = new Diagnostics();
  const global = parseOne(root.reportingTo(own), known);
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
  const keys = new KeyReader(reader, ROOT_KEYS);
  const config = new CacheConfig(readKeyPath(keys));
  readKey(keys, config, known);
  readReplay(keys, config);
  config.tenant = readTenant(keys.section(TENANT), isOfPrototype(reader));
  noteSharing(keys, config);
  readLimits(keys, config);
  readAnswerPaths(keys, config);
  const clusters = keys.texts(IGNORE_NO_STORE_OF);
  for (let i = 0; i < clusters.length; i++) config.ignoresNoStoreOf.push(Bytes.of(clusters[i]));
  readMeaning(keys, config);
  config.cacheControl = keys.boolean(CACHE_CONTROL);
  readStore(keys, config);
  config.cacheActing = keys.boolean(CACHE_ACTING);
  config.statusHeader = keys.boolean(STATUS_HEADER);
  config.explain = keys.boolean(EXPLAIN);
  config.isOfGo = isOfGo(reader);
  keys.finish();
  return config;
}

/** Reports whose answers are shared where `tenant` does not say so. */
function noteSharing(keys: KeyReader, config: CacheConfig): void {
  if (config.keyMode == KeyMode.Text) {
    keys.note(
      KEY_MODE,
      "the text alone is the key, so that all clients share answers, as in the Go plugin",
    );
  } else if (config.tenant.sharesAnonymous && !keys.has(TENANT)) {
    keys.reader.diagnostics.note(
      keys.reader.path,
      'has the 2024 form: requests without a credential share answers, as with tenant.anonymous "share"',
    );
  }
}

function readKey(keys: KeyReader, config: CacheConfig, known: FunctionName[]): void {
  const strategy = keys.choice(KEY_STRATEGY);
  if (strategy == "allQuestions") config.keyStrategy = KeyStrategy.AllQuestions;
  else if (strategy.startsWith("disable")) config.keyStrategy = KeyStrategy.Disabled;
  if (keys.choice(KEY_MODE) == "text") config.keyMode = KeyMode.Text;
  config.revision = Bytes.of(keys.text(REVISION));
  readCacheable(keys, config, known);
  const headers = keys.texts(SCOPE_HEADERS);
  for (let i = 0; i < headers.length; i++) {
    const name = headers[i].toLowerCase();
    if (isToken(name)) config.scopeHeaders.push(Bytes.of(name));
    else keys.error(SCOPE_HEADERS, '"' + headers[i] + '" is not a valid header name');
  }
}

/** The match lists as written, which separate a rule's entries from those of others. */
function identityOf(reader: ConfigReader): Bytes {
  const out = new ByteWriter(64);
  for (let i = 0; i < MATCH_KEYS.length; i++) out.framed(reader.raw(MATCH_KEYS[i].name));
  return out.toBytes().copy();
}

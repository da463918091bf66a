import { Bytes } from "../../proxy-wasm/bytes";
import { JsonPath } from "../../json/path";
import { RuleSet } from "../../rules/rule-set";
import { Diagnostics } from "../../rules/diagnostics";
import { Role } from "./role";
import { TenantConfig } from "../identity/tenant";
import { EmbeddingConfig } from "../embedding/embedding-config";
import { LearningConfig } from "../learning/learning-config";
import { Source, Stratum } from "../limit/stratum";
import { LifeConfig } from "../life/life-config";
import { PolicyConfig } from "../policy/policy-config";
import { Prices } from "../../rules/prices";
import { StoreConfig } from "../vector-store/store-config";
import { KeyMode, KeyStrategy } from "../key/key-mode";
import { AdminConfig } from "./admin-section";
import { AnswerPaths } from "./answer-paths";
import { CachedPaths } from "./cached-paths";
import { MatchConfig } from "./match-config";
import { RedisConfig } from "./redis-section";

export const DEFAULT_KEY_PATH = "messages.@reverse.0.content";

/**
 * One configuration of the cache: the global one or that of a rule. Defaults are those of
 * `docs/configuration.md`.
 */
export class CacheConfig {
  keyMode: KeyMode = KeyMode.Full;
  keyStrategy: KeyStrategy = KeyStrategy.LastQuestion;
  /** `cacheKeyFrom`, for `keyMode: text`. */
  keyFrom: JsonPath;
  /** Reply to a hit, with `%s` for the text; null for the faithful reply. */
  template: Bytes | null = null;
  /** Reply to a hit on a streamed request. */
  streamTemplate: Bytes | null = null;
  /** How tenants are separated. */
  tenant: TenantConfig = new TenantConfig();
  /** Further headers that decide the answer, in lower case. */
  scopeHeaders: Bytes[] = [];
  /** Part of the scope: changing it makes all entries unreachable. */
  revision: Bytes = Bytes.empty();
  /** Identifies the rule; empty for the global configuration. */
  ruleIdentity: Bytes = Bytes.empty();
  /** Paths of texts in answers of no known protocol. */
  readonly answerPaths: AnswerPaths = new AnswerPaths();
  /** Whether the configuration has only keys of the Go plugin. */
  isOfGo: bool = false;
  /** Clusters whose `no-store` is ignored; `*` for all. */
  ignoresNoStoreOf: Bytes[] = [];
  /** Which requests are cached, by their paths. */
  readonly paths: CachedPaths = new CachedPaths();
  /** Whether `Cache-Control` of requests is honoured. */
  cacheControl: bool = true;
  /** Whether answers are cached for which the vendor has acted, or read changing data. */
  cacheActing: bool = false;
  /** Whether responses carry `Cache-Status`. */
  statusHeader: bool = true;
  /** Whether `Cache-Status` contains the reason and the entry's id. */
  explain: bool = false;
  maxRequestBytes: i64 = 0;
  maxAnswerBytes: i32 = 0;
  maxBufferedBytes: i64 = 0;
  /** How long request headers wait for the first piece of the body, in ms. */
  holdTimeoutMs: u64 = 0;
  /** Semantic matching. */
  match: MatchConfig = new MatchConfig();
  /** Prices of models. */
  prices: Prices = new Prices();
  /** Services for learning. */
  learning: LearningConfig = new LearningConfig();
  private readonly strata: (Stratum | null)[] = [null, null, null];
  /** The embedding service, null without one. */
  embedding: EmbeddingConfig | null = null;
  /** Lifetime of answers in seconds, 0 for unlimited. */
  ttl: u64 = 0;
  /** The shared store, null without one. */
  redis: RedisConfig | null = null;
  /** The external vector store, null without one. */
  vectors: StoreConfig | null = null;
  /** How long answers live, besides `ttl`. */
  life: LifeConfig = new LifeConfig();
  /** How the store evicts entries. */
  policy: PolicyConfig = new PolicyConfig();
  maxEntries: u32 = 0;
  maxBytes: u64 = 0;

  constructor(keyFrom: JsonPath) {
    this.keyFrom = keyFrom;
  }

  /** Identifies the meaning of the scores of semantic candidates. */
  stratumOf(source: Source): Stratum {
    const known = this.strata[source];
    if (known !== null) return known;
    let name = "text";
    const embedding = this.embedding;
    const vectors = this.vectors;
    if (source == Source.Vector && embedding !== null) name = "vector:" + embedding.modelName;
    else if (source == Source.Store && vectors !== null) name = "store:" + vectors.type.name;
    const stratum = new Stratum(name, this.ruleIdentity, this.learning.judge !== null);
    this.strata[source] = stratum;
    return stratum;
  }
}

/** A parsed plugin configuration. */
export class CacheConfigSet {
  readonly rules: RuleSet = new RuleSet();
  /** Configurations of the rules, in order. */
  readonly ofRule: CacheConfig[] = [];
  global: CacheConfig | null = null;
  role: Role = Role.Cache;
  /** With `Role.Admin`. */
  admin: AdminConfig | null = null;
  /** With `Role.Admin`: the stores that it deletes from. */
  stores: CacheConfig | null = null;

  constructor(readonly diagnostics: Diagnostics) {}

  /** The configuration for a result of `RuleSet.select`; null when none applies. */
  at(selected: i32): CacheConfig | null {
    if (selected >= 0 && selected < this.ofRule.length) return this.ofRule[selected];
    return selected == -1 ? this.global : null;
  }

  /** All configurations. */
  all(): CacheConfig[] {
    const list = this.ofRule.slice(0);
    const global = this.global;
    if (global !== null) list.push(global);
    return list;
  }
}

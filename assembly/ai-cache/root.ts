import { ByteBudget } from "../proxy-wasm/byte-budget";
import { Bytes } from "../proxy-wasm/bytes";
import { RootContext, StreamContext } from "../proxy-wasm/context";
import { RootFactory } from "../proxy-wasm/dispatcher";
import { announce } from "../rules/load-line";
import { readRequestFacts } from "../rules/request-facts";
import { AdminStream } from "./admin/admin-stream";
import { CacheConfig, CacheConfigSet } from "./config/cache-config";
import { parseConfiguration } from "./config/parse-config";
import { summaryOf } from "./config/summary";
import { Role, TrailerAdder, TrailerHolder } from "./hop";
import { LastModels } from "./place/last-models";
import { ScopeSketch } from "./place/scope-sketch";
import { AiCacheStream } from "./stream";
import { Answers } from "./store/answers";
import { MemoryStore } from "./store/memory-store";

const NAME = "ai-cache";
const STORE_NAME = "ai-cache";
/** Bytes of requests that `role: admin` holds on this worker. */
const ADMIN_BYTES: i64 = 1 << 20;

/** The plugin `ai-cache` as configured on one worker. */
export class AiCacheRoot extends RootContext {
  private configs: CacheConfigSet | null = null;
  /** The stored answers; null before the configuration. */
  answers: Answers | null = null;
  /** Bytes of requests and answers that this plugin holds on this worker. */
  readonly budget: ByteBudget = new ByteBudget(0);
  /** The models that answers have told. */
  readonly models: LastModels = new LastModels();
  /** What has been stored, by whomever. */
  readonly sketch: ScopeSketch = new ScopeSketch();
  /** For `role: admin`: what the caching plugin of the same VM has made. */
  private readonly adminStore: MemoryStore = new MemoryStore(STORE_NAME, 0, 0);

  onConfigure(configuration: Bytes): bool {
    const configs = parseConfiguration(configuration);
    if (!configs.diagnostics.report(NAME)) return false;
    this.configs = configs;
    // Sizes are those of the plugin that caches.
    if (configs.role == Role.Admin) this.budget.setLimit(ADMIN_BYTES);
    else this.openStore(configs.all());
    if (configs.role == Role.Cache) announce(NAME, "ai_cache_build_info", summaryOf(configs));
    return true;
  }

  createStream(id: u32): StreamContext {
    const configs = this.configs;
    if (configs !== null) {
      const admin = configs.admin;
      if (admin !== null) return new AdminStream(id, this, admin, this.adminStore, this.budget);
    }
    if (configs !== null && configs.role == Role.AddTrailer) return new TrailerAdder(id, this);
    if (configs !== null && configs.role == Role.HoldTrailer) return new TrailerHolder(id, this);
    return new AiCacheStream(id, this);
  }

  /**
   * The configuration for the current request, null when none applies. In the request header phase.
   */
  selectConfig(): CacheConfig | null {
    const configs = this.configs;
    if (configs === null) return null;
    const rules = configs.rules;
    return configs.at(rules.isEmpty ? rules.fallback : rules.select(readRequestFacts()));
  }

  /**
   * One store for all configurations of the plugin, with the largest of the caps that they ask for.
   */
  private openStore(configs: CacheConfig[]): void {
    let entries: u32 = 0;
    let bytes: u64 = 0;
    let buffered: i64 = 0;
    let held: u64 = 0;
    let indexed = 0;
    for (let i = 0; i < configs.length; i++) {
      entries = max(entries, configs[i].maxEntries);
      bytes = max(bytes, configs[i].maxBytes);
      buffered = max(buffered, configs[i].maxBufferedBytes);
      held = max(held, configs[i].holdTimeoutMs);
      const match = configs[i].match;
      if (match.enabled) indexed = max(indexed, match.maxEntries);
    }
    if (entries == 0) return;
    this.budget.setLimit(buffered);
    this.holds.timeoutMs = held;
    const store = new MemoryStore(STORE_NAME, entries, bytes);
    store.open();
    this.answers = new Answers(store, <i32>min<u32>(<u32>indexed, entries));
  }
}

/** Makes the root contexts of the module. */
export class AiCacheFactory extends RootFactory {
  create(id: u32): RootContext {
    return new AiCacheRoot(id);
  }
}

import { ByteBudget } from "../proxy-wasm/byte-budget";
import { Bytes } from "../proxy-wasm/bytes";
import { logWarn } from "../proxy-wasm/log";
import { HoldWatch } from "../proxy-wasm/hold-watch";
import { announce } from "../rules/load-line";
import { readRequestFacts } from "../rules/request-facts";
import { AdminConfig } from "./admin/admin-config";
import { reportAdvice } from "./advice-report";
import { CacheConfig, CacheConfigSet } from "./config/cache-config";
import { parseConfiguration } from "./config/parse-config";
import { summaryOf } from "./config/summary";
import { Role } from "./hop";
import { LastModels } from "./place/last-models";
import { ScopeSketch } from "./place/scope-sketch";
import { Answers } from "./store/answers";
import { MemoryStore, StoreLimits } from "./store/memory-store";

const NAME = "ai-cache";
export const STORE_NAME = "ai-cache";
/** Bytes of requests that `role: admin` holds on this worker. */
const ADMIN_BYTES: i64 = 1 << 20;

/** What the plugin is on one worker, whatever the stream: its configuration, its answers, its budget. */
export class CachePlugin {
  private configs: CacheConfigSet | null = null;
  /** The stored answers; null before the configuration. */
  answers: Answers | null = null;
  /** Bytes of requests and answers that are held on this worker. */
  readonly budget: ByteBudget = new ByteBudget(0);
  /** The models that answers have told. */
  readonly models: LastModels = new LastModels();
  /** What has been stored, by whomever. */
  readonly sketch: ScopeSketch = new ScopeSketch();

  /** Takes a configuration; false when it cannot be used, which has been logged. */
  configure(configuration: Bytes, holds: HoldWatch): bool {
    const configs = parseConfiguration(configuration);
    if (!configs.diagnostics.report(NAME)) return false;
    this.configs = configs;
    // Sizes are those of the plugin that caches.
    if (configs.role == Role.Admin) this.budget.setLimit(ADMIN_BYTES);
    else this.openStore(configs.all(), holds);
    if (configs.role == Role.Cache) announce(NAME, "ai_cache_build_info", summaryOf(configs));
    return true;
  }

  get role(): Role {
    const configs = this.configs;
    return configs === null ? Role.Cache : configs.role;
  }

  /** With `Role.Admin`. */
  get admin(): AdminConfig | null {
    const configs = this.configs;
    return configs === null ? null : configs.admin;
  }

  /** Whether the store finds its strategy by itself. */
  get isTuned(): bool {
    const configs = this.configs;
    if (configs === null || this.answers === null) return false;
    const all = configs.all();
    return all.length > 0 && all[0].policy.strategy < 0;
  }

  /** Looks which strategy is best; to be called each second or so. */
  tick(): void {
    const answers = this.answers;
    if (answers === null) return;
    const advice = answers.tick();
    if (advice !== null) reportAdvice(advice);
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
  private openStore(configs: CacheConfig[], holds: HoldWatch): void {
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
    holds.timeoutMs = held;
    const policy = configs[0].policy;
    for (let i = 1; i < configs.length; i++) {
      if (policy.equals(configs[i].policy)) continue;
      logWarn(
        "ai-cache: cache.policy, cache.value and cache.maxTenantShare are those of the first rule: there is one store for all",
      );
      break;
    }
    const limits = new StoreLimits(entries, bytes);
    limits.strategy = policy.strategy;
    limits.value = policy.value;
    limits.tenantShare = policy.tenantShare;
    const store = new MemoryStore(STORE_NAME, limits);
    store.open();
    this.answers = new Answers(store, <i32>min<u32>(<u32>indexed, entries));
  }
}

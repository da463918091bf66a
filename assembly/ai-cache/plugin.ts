import { ByteBudget } from "../proxy-wasm/byte-budget";
import { Bytes } from "../proxy-wasm/bytes";
import { logWarn } from "../proxy-wasm/log";
import { environmentVariable } from "../proxy-wasm/environment";
import { HoldWatch } from "../proxy-wasm/hold-watch";
import { announce } from "../rules/load-line";
import { readRequestFacts } from "../rules/request-facts";
import { Bookkeeping } from "./capture/bookkeeping";
import { AdminConfig } from "./config/admin-section";
import { reportAdvice } from "./advice-report";
import { CacheConfig, CacheConfigSet } from "./config/cache-config";
import { parseConfiguration } from "./config/parse-config";
import { summaryOf } from "./config/summary";
import { FUNCTION_NAMES } from "./function/registry";
import { Role } from "./config/role";
import { Services } from "./services/services";
import { Refresher } from "./refresh";
import { Savings } from "./savings/savings";
import { nowSeconds } from "../proxy-wasm/clock";
import { RootContext } from "../proxy-wasm/context";
import { Transport } from "./config/redis-section";
import { RemoteStore } from "./store/remote-store";
import { Answers } from "./answers/answers";
import { MemoryStore, StoreLimits } from "./store/memory-store";

const NAME = "ai-cache";
/** The module whose file is most easily taken for this one. */
const OTHER = "ai-proxy";
export const STORE_NAME = "ai-cache";
/** Most bytes of requests that `role: admin` holds on this worker. */
const ADMIN_BYTES: i64 = 1 << 20;

/** The state of the plugin on one worker: its configuration, its answers, its budget. */
export class CachePlugin {
  private configs: CacheConfigSet | null = null;
  /** Of the configurations of the rules, in order; then of the global one, or of the admin. */
  private services: Services[] = [];
  /** The savings of hits. */
  readonly savings: Savings = new Savings();
  readonly refresher: Refresher = new Refresher();
  /** The cached answers; null before the configuration. */
  answers: Answers | null = null;
  readonly books: Bookkeeping = new Bookkeeping();

  /** Applies a configuration; false when it is invalid, which has been logged. */
  configure(configuration: Bytes, holds: HoldWatch): bool {
    const configs = parseConfiguration(configuration, FUNCTION_NAMES, environmentVariable);
    if (!configs.diagnostics.report(NAME)) return false;
    this.configs = configs;
    this.services = servicesOf(configs);
    // The caching plugin decides the sizes.
    if (configs.role == Role.Admin) this.budget.setLimit(ADMIN_BYTES);
    else this.openStore(configs.all(), holds);
    if (configs.role == Role.Cache)
      announce(NAME, OTHER, "ai_cache_build_info", summaryOf(configs));
    return true;
  }

  /** Bytes of requests and answers held on this worker. */
  get budget(): ByteBudget {
    return this.books.budget;
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

  /** Whether there is something to do each second. */
  get isTicking(): bool {
    const answers = this.answers;
    return this.isTuned || (answers !== null && answers.exchange !== null);
  }

  /** The store outside over which what is learned is shared; null for none. */
  private sharedStore(): RemoteStore | null {
    for (let i = 0; i < this.services.length; i++) {
      const services = this.services[i];
      const remote = services.remote;
      const redis = services.config.redis;
      // Envoy's Redis proxy cuts the connection at such a script.
      const isPool = redis !== null && redis.transport == Transport.Pool;
      if (remote === null || isPool || !remote.isOwn) continue;
      if (services.config.learning.shares) return remote;
    }
    return null;
  }

  /** Looks which strategy is best, and exchanges what is learned; to be called each second or so. */
  tick(root: RootContext): void {
    const answers = this.answers;
    if (answers === null) return;
    const exchange = answers.exchange;
    if (exchange !== null) exchange.tick(root, nowSeconds());
    const advice = answers.tick();
    if (advice !== null) reportAdvice(advice);
  }

  /**
   * The services, with their configuration, for the current request; null when none apply. In the request
   * header phase.
   */
  select(): Services | null {
    const configs = this.configs;
    if (configs === null) return null;
    const rules = configs.rules;
    const selected = rules.isEmpty ? rules.fallback : rules.select(readRequestFacts());
    if (selected == -1) return this.common;
    return selected >= 0 && selected < configs.ofRule.length ? this.services[selected] : null;
  }

  /** Those of the global configuration, or, with `Role.Admin`, of the stores; null without one. */
  get common(): Services | null {
    const configs = this.configs;
    const index = configs === null ? 0 : configs.ofRule.length;
    return index < this.services.length ? this.services[index] : null;
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
        "ai-cache: cache.policy, cache.value and cache.maxTenantShare are taken from the first rule: all rules share one store",
      );
      break;
    }
    const limits = new StoreLimits(entries, bytes);
    limits.strategy = policy.strategy;
    limits.value = policy.value;
    limits.tenantShare = policy.tenantShare;
    const store = new MemoryStore(STORE_NAME, limits);
    store.open();
    const reset = configs[0].learning.reset;
    const capacity = <i32>min<u32>(<u32>indexed, entries);
    this.answers = new Answers(store, capacity, reset, this.sharedStore());
  }
}

function servicesOf(configs: CacheConfigSet): Services[] {
  const list: Services[] = [];
  for (let i = 0; i < configs.ofRule.length; i++) list.push(new Services(configs.ofRule[i]));
  const common = configs.role == Role.Admin ? configs.stores : configs.global;
  if (common !== null) list.push(new Services(common));
  return list;
}

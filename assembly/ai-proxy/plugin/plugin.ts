import { ByteBudget } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { RootContext } from "../../proxy-wasm/context";
import { environmentVariable } from "../../proxy-wasm/environment";
import { NO_FINGERPRINT } from "../../fingerprint/mark";
import { isSuperseded, register } from "../../fingerprint/registry";
import { announce } from "../../rules/load-line";
import { clusterName, readRequestFacts } from "../../rules/request-facts";
import { RoutedProviders } from "../config/model-routes";
import { parseConfiguration, ProxyConfig } from "../config/proxy-config";
import { summaryOf } from "../config/summary";
import { ProviderConfig } from "../config/provider-config";
import { Exchange } from "../exchange/exchange";
import { Prober } from "../failover/prober";
import { ProviderRuntime, Runtimes } from "../runtime/provider-runtime";
import { pluginName } from "./plugin-name";

const NAME = "ai-proxy";
/** The module whose file is most easily taken for this one. */
const OTHER = "ai-cache";

/** The state of the plugin on one worker: its configuration, its probers, its budget. */
export class ProxyPlugin {
  private config: ProxyConfig | null = null;
  /** The runtimes of the configuration's providers. */
  runtimes: Runtimes = new Runtimes([]);
  private readonly probers: Prober[] = [];
  /** Envoy's name of the plugin. */
  private name: Bytes = Bytes.empty();
  /** Bytes of requests and answers that this plugin holds on this worker. */
  readonly budget: ByteBudget = new ByteBudget(0);

  /** Applies a configuration; false when it is invalid, which has been logged. */
  configure(configuration: Bytes, root: RootContext): bool {
    const config = parseConfiguration(configuration, environmentVariable);
    if (!config.diagnostics.report(NAME)) return false;
    this.config = config;
    this.runtimes = new Runtimes(config.all);
    this.name = pluginName();
    register(this.name, config.digest, config.uniformFingerprint);
    this.budget.setLimit(config.limits.buffered);
    root.holds.timeoutMs = <u64>config.limits.holdTimeoutMs;
    const period = this.openProbers(config);
    if (period > 0) root.setTick(period);
    announce(NAME, OTHER, "ai_proxy_build_info", summaryOf(config));
    return true;
  }

  /** Runs due probes. On each tick. */
  probe(root: RootContext): void {
    for (let i = 0; i < this.probers.length; i++) this.probers[i].run(root);
  }

  /** Largest request body in bytes while the provider is unknown. */
  get requestLimit(): i64 {
    const config = this.config;
    return config === null ? 0 : min(config.limits.request, this.budget.most);
  }

  /** Largest request body in bytes. */
  bodyLimit(exchange: Exchange): i64 {
    const config = this.config;
    if (config === null) return 0;
    const limits = config.limits;
    const limit = min(limits.request, this.budget.most);
    return exchange.isTranslated ? min(limit, limits.translated) : limit;
  }

  /** Records the cluster of a provider's requests, for probes. In the request header phase. */
  noteCluster(runtime: ProviderRuntime): void {
    if (this.probers.length > 0 && runtime.cluster.length == 0) runtime.cluster = clusterName();
  }

  /** Returns how often they are to be run, in ms; 0 without any. */
  private openProbers(config: ProxyConfig): u32 {
    this.probers.length = 0;
    let period: u32 = 0;
    for (let i = 0; i < config.providers.length; i++) {
      const prober = Prober.of(this.runtimes.of(config.providers[i]));
      if (prober === null) continue;
      this.probers.push(prober);
      if (period == 0 || prober.periodMs < period) period = prober.periodMs;
    }
    return period;
  }

  /** The fingerprint of the plugin for requests to `provider`. */
  fingerprintOf(provider: ProviderConfig | null): Bytes {
    const config = this.config;
    return config === null ? NO_FINGERPRINT : config.fingerprintOf(provider);
  }

  /** Whether the plugin has been reconfigured, and this one serves old connections. */
  get isSuperseded(): bool {
    const config = this.config;
    return config !== null && isSuperseded(this.name, config.digest);
  }

  /** Whether the module runs once for each attempt. */
  get isUpstreamFilter(): bool {
    const config = this.config;
    return config !== null && config.isUpstreamFilter;
  }

  /** The provider for the current request, null when none applies. In the request header phase. */
  selectProvider(): ProviderConfig | null {
    const config = this.config;
    if (config === null) return null;
    const rules = config.rules;
    const chosen = config.at(rules.isEmpty ? rules.fallback : rules.select(readRequestFacts()));
    // Its cluster has already been chosen.
    if (config.isUpstreamFilter && chosen instanceof RoutedProviders) {
      return (chosen as RoutedProviders).fallback;
    }
    return chosen;
  }
}

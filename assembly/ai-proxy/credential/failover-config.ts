import { ConfigReader } from "../../rules/config-reader";
import { StatusPatterns } from "./status-patterns";

const MAX_MS: i64 = 86_400_000;
const MAX_THRESHOLD: i64 = 1_000_000;

/** `failover` of a provider. Defaults are those of `docs/configuration.md`. */
export class FailoverConfig {
  /** Failures in a row that take a key out. */
  failureThreshold: u32 = 3;
  /** Probes in a row that bring it back. */
  successThreshold: u32 = 1;
  /** Milliseconds between probes. */
  intervalMs: u32 = 5_000;
  /** Milliseconds that a probe may take. */
  timeoutMs: u32 = 5_000;
  /** The model that probes ask; empty for no probes. */
  probeModel: string = "";
  /** Milliseconds after which a key comes back by itself; 0 for never. */
  cooldownMs: u64 = 0;
  /** Whether a key is judged for each model by itself. */
  perModel: bool = false;
  onStatus: StatusPatterns = new StatusPatterns();

  /** Reads the section; null when there is none or it is not enabled. */
  static read(reader: ConfigReader): FailoverConfig | null {
    const section = reader.object("failover");
    if (section === null) return null;
    const config = new FailoverConfig();
    const enabled = section.boolean("enabled", false);
    config.failureThreshold = <u32>section.positive("failureThreshold", 3, MAX_THRESHOLD);
    config.successThreshold = <u32>section.positive("successThreshold", 1, MAX_THRESHOLD);
    config.intervalMs = <u32>section.positive("healthCheckInterval", 5_000, MAX_MS);
    config.timeoutMs = <u32>section.positive("healthCheckTimeout", 5_000, MAX_MS);
    config.probeModel = section.text("healthCheckModel", "");
    config.cooldownMs = <u64>section.integer("cooldownDuration", 0, 0, MAX_MS);
    config.perModel = section.boolean("perModel", false);
    config.onStatus = StatusPatterns.read(section, "failoverOnStatus");
    section.finish();
    if (!enabled) return null;
    if (config.probeModel.length == 0 && config.cooldownMs == 0) {
      section.diagnostics.error(
        section.path,
        "either healthCheckModel or cooldownDuration must be configured in failover config",
      );
    }
    if (config.perModel && config.cooldownMs == 0) {
      section.diagnostics.error(
        section.pathOf("perModel"),
        "needs cooldownDuration: probes ask one model only",
      );
    }
    return config;
  }
}

/** `retryOnFailure` of a provider. */
export class RetryConfig {
  maxRetries: i32 = 1;
  /** Milliseconds that one further attempt may take. */
  timeoutMs: u32 = 30_000;
  onStatus: StatusPatterns = new StatusPatterns();

  /** Reads the section; null when there is none or it is not enabled. */
  static read(reader: ConfigReader): RetryConfig | null {
    const section = reader.object("retryOnFailure");
    if (section === null) return null;
    const config = new RetryConfig();
    const enabled = section.boolean("enabled", false);
    config.maxRetries = <i32>section.positive("maxRetries", 1, 10);
    config.timeoutMs = <u32>section.positive("retryTimeout", 30_000, 3_600_000);
    config.onStatus = StatusPatterns.read(section, "retryOnStatus");
    section.finish();
    return enabled ? config : null;
  }
}

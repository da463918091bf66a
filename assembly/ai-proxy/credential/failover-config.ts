import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { StatusPatterns } from "./status-patterns";

const MAX_MS: i64 = 86_400_000;
const MAX_THRESHOLD: i64 = 1_000_000;

const ENABLED = <ConfigKey>{
  name: "enabled",
  form: KeyForm.Boolean,
  meaning: "whether the section has any effect",
};
const FAILURE_THRESHOLD = <ConfigKey>{
  name: "failureThreshold",
  form: KeyForm.Integer,
  defaultValue: 3,
  max: MAX_THRESHOLD,
  meaning: "consecutive failures after which a key is not used",
};
const SUCCESS_THRESHOLD = <ConfigKey>{
  name: "successThreshold",
  form: KeyForm.Integer,
  defaultValue: 1,
  max: MAX_THRESHOLD,
  meaning: "consecutive successful probes after which it is used again",
};
const INTERVAL = <ConfigKey>{
  name: "healthCheckInterval",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 5_000,
  max: MAX_MS,
  meaning: "interval between probes",
};
const TIMEOUT = <ConfigKey>{
  name: "healthCheckTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 5_000,
  max: MAX_MS,
  meaning: "timeout of a probe",
};
const PROBE_MODEL = <ConfigKey>{
  name: "healthCheckModel",
  meaning: "the model of the probes; this or `cooldownDuration` is required",
};
const COOLDOWN = <ConfigKey>{
  name: "cooldownDuration",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  max: MAX_MS,
  meaning: "time after which a key is used again without a probe; 0: never",
};
const PER_MODEL = <ConfigKey>{
  name: "perModel",
  form: KeyForm.Boolean,
  meaning: "whether failures of a key are counted per model; requires `cooldownDuration`",
};
const FAILOVER_STATUS = <ConfigKey>{
  name: "failoverOnStatus",
  form: KeyForm.Texts,
  defaultNote: "401, 402, 403, 408, 429, 5xx",
  meaning: "regular expressions for the statuses that count as failures",
};
const MAX_RETRIES = <ConfigKey>{
  name: "maxRetries",
  form: KeyForm.Integer,
  defaultValue: 1,
  max: 10,
  meaning: "maximum number of retries",
};
const RETRY_TIMEOUT = <ConfigKey>{
  name: "retryTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 30_000,
  max: 3_600_000,
  meaning: "timeout of a retry",
};
const RETRY_STATUS = <ConfigKey>{
  name: "retryOnStatus",
  form: KeyForm.Texts,
  defaultNote: "401, 402, 403, 408, 429, 5xx",
  meaning: "regular expressions for the statuses that are retried",
};

/** `failover` of a provider. */
export const FAILOVER = <ConfigKey>{
  name: "failover",
  form: KeyForm.Object,
  keys: [
    ENABLED,
    FAILURE_THRESHOLD,
    COOLDOWN,
    PROBE_MODEL,
    INTERVAL,
    TIMEOUT,
    SUCCESS_THRESHOLD,
    FAILOVER_STATUS,
    PER_MODEL,
  ],
  keepsAnswers: true,
  meaning: "when a key is not used: [fail-over](failover.md)",
};
/** `retryOnFailure` of a provider. */
export const RETRY = <ConfigKey>{
  name: "retryOnFailure",
  form: KeyForm.Object,
  keys: [ENABLED, MAX_RETRIES, RETRY_TIMEOUT, RETRY_STATUS],
  keepsAnswers: true,
  meaning: "retry with another key: [fail-over](failover.md)",
};

/** `failover` of a provider. Defaults are those of `docs/configuration.md`. */
export class FailoverConfig {
  /** Consecutive failures after which a key is disabled. */
  failureThreshold: u32 = 3;
  /** Consecutive successful probes that re-enable it. */
  successThreshold: u32 = 1;
  /** Milliseconds between probes. */
  intervalMs: u32 = 5_000;
  /** Timeout of a probe in milliseconds. */
  timeoutMs: u32 = 5_000;
  /** The model that probes ask; empty for no probes. */
  probeModel: string = "";
  /** Cool-down in milliseconds; 0 for none. */
  cooldownMs: u64 = 0;
  /** Whether keys are tracked per model. */
  perModel: bool = false;
  onStatus: StatusPatterns = new StatusPatterns();

  /** Reads `failover`; null when there is none or it is not enabled. */
  static read(provider: KeyReader): FailoverConfig | null {
    const keys = provider.section(FAILOVER);
    if (keys === null) return null;
    const config = new FailoverConfig();
    const enabled = keys.boolean(ENABLED);
    config.failureThreshold = <u32>keys.integer(FAILURE_THRESHOLD);
    config.successThreshold = <u32>keys.integer(SUCCESS_THRESHOLD);
    config.intervalMs = <u32>keys.integer(INTERVAL);
    config.timeoutMs = <u32>keys.integer(TIMEOUT);
    config.probeModel = keys.text(PROBE_MODEL);
    config.cooldownMs = <u64>keys.integer(COOLDOWN);
    config.perModel = keys.boolean(PER_MODEL);
    config.onStatus = StatusPatterns.read(keys, FAILOVER_STATUS);
    keys.finish();
    if (!enabled) return null;
    if (config.probeModel.length == 0 && config.cooldownMs == 0) {
      provider.error(
        FAILOVER,
        "either healthCheckModel or cooldownDuration must be configured in failover config",
      );
    }
    if (config.perModel && config.cooldownMs == 0) {
      keys.error(PER_MODEL, "requires cooldownDuration: probes use one model only");
    }
    return config;
  }
}

/** `retryOnFailure` of a provider. */
export class RetryConfig {
  maxRetries: i32 = 1;
  /** Timeout of one further attempt in milliseconds. */
  timeoutMs: u32 = 30_000;
  onStatus: StatusPatterns = new StatusPatterns();

  /** Reads `retryOnFailure`; null when there is none or it is not enabled. */
  static read(provider: KeyReader): RetryConfig | null {
    const keys = provider.section(RETRY);
    if (keys === null) return null;
    const config = new RetryConfig();
    const enabled = keys.boolean(ENABLED);
    config.maxRetries = <i32>keys.integer(MAX_RETRIES);
    config.timeoutMs = <u32>keys.integer(RETRY_TIMEOUT);
    config.onStatus = StatusPatterns.read(keys, RETRY_STATUS);
    keys.finish();
    return enabled ? config : null;
  }
}

import { DEFAULT_HOLD_MS, MAX_HOLD_MS } from "../../proxy-wasm/hold-limits";
import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { CacheConfig } from "./cache-config";

const MIB: i64 = 1 << 20;

const REQUEST_BYTES = <ConfigKey>{
  name: "maxRequestBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: 16 * MIB,
  max: 100 * MIB,
  meaning: "larger requests pass uncached",
};
const ANSWER_BYTES = <ConfigKey>{
  name: "maxAnswerBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: MIB,
  max: 16 * MIB,
  meaning: "larger answers are not stored",
};
/** While a body is parsed it exists three times, and Envoy ends a VM at 1 GiB. */
const BUFFERED_BYTES = <ConfigKey>{
  name: "maxBufferedBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: 128 * MIB,
  max: 256 * MIB,
  meaning:
    "what all streams of one worker may buffer together, shared as in [ai-proxy](#limits); one tenant gets at most half",
};
const HOLD_TIMEOUT = <ConfigKey>{
  name: "requestHoldTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: DEFAULT_HOLD_MS,
  max: MAX_HOLD_MS,
  meaning: "from a request's headers to the first piece of its body; after that it passes uncached",
};

/** Top-level keys: limits. */
export const LIMIT_KEYS: ConfigKey[] = [REQUEST_BYTES, ANSWER_BYTES, BUFFERED_BYTES, HOLD_TIMEOUT];

/** Reads the limits. */
export function readLimits(keys: KeyReader, config: CacheConfig): void {
  config.maxRequestBytes = keys.integer(REQUEST_BYTES);
  config.maxAnswerBytes = <i32>keys.integer(ANSWER_BYTES);
  config.maxBufferedBytes = keys.integer(BUFFERED_BYTES);
  config.holdTimeoutMs = <u64>keys.integer(HOLD_TIMEOUT);
}

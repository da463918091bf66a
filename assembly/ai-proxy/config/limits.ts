import { DEFAULT_HOLD_MS, MAX_HOLD_MS } from "../../proxy-wasm/hold-limits";
import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";

/** The largest request body, in bytes; what the Go plugin asks Envoy for. */
const MAX_REQUEST: i64 = 104_857_600;
/**
 * The largest translated body. Escapes that are translated through two protocols need nine times their
 * size, of the VM's 1 GiB.
 */
const MAX_TRANSLATED: i64 = 67_108_864;
const BUFFERED: i64 = 134_217_728;
const MAX_BUFFERED: i64 = 268_435_456;

/** Limits of one worker; sizes in bytes. */
export class Limits {
  /** A request body. */
  request: i64 = MAX_REQUEST;
  /** A translated request body. */
  translated: i64 = MAX_TRANSLATED;
  /** All bodies held at a time. */
  buffered: i64 = BUFFERED;
  /** How long request headers wait for the first piece of the body, in ms. */
  holdTimeoutMs: i64 = DEFAULT_HOLD_MS;
}

const REQUEST_BYTES = <ConfigKey>{
  name: "maxRequestBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: MAX_REQUEST,
  max: MAX_REQUEST,
  meaning: "larger request bodies get 413",
};
const TRANSLATED_BYTES = <ConfigKey>{
  name: "maxTranslatedBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: MAX_TRANSLATED,
  max: MAX_TRANSLATED,
  meaning: "the same for requests that are translated into another protocol",
};
const BUFFERED_BYTES = <ConfigKey>{
  name: "maxBufferedBytes",
  form: KeyForm.Integer,
  unit: Unit.Bytes,
  defaultValue: BUFFERED,
  max: MAX_BUFFERED,
  meaning: "bytes that all requests and answers may buffer together",
};
const HOLD_TIMEOUT = <ConfigKey>{
  name: "requestHoldTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: DEFAULT_HOLD_MS,
  max: MAX_HOLD_MS,
  meaning: "from a request's headers to the first piece of its body; after that it gets 408",
};

/** Top-level keys, outside rules. */
export const LIMIT_KEYS: ConfigKey[] = [
  REQUEST_BYTES,
  TRANSLATED_BYTES,
  BUFFERED_BYTES,
  HOLD_TIMEOUT,
];

/** Reads the limits, which are on the same level as `provider`. */
export function readLimits(keys: KeyReader): Limits {
  const limits = new Limits();
  limits.request = keys.integer(REQUEST_BYTES);
  limits.translated = keys.integer(TRANSLATED_BYTES);
  limits.buffered = keys.integer(BUFFERED_BYTES);
  limits.holdTimeoutMs = keys.integer(HOLD_TIMEOUT);
  return limits;
}

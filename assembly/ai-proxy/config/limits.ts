import { DEFAULT_HOLD_MS, MAX_HOLD_MS } from "../../proxy-wasm/hold-watch";
import { ConfigReader } from "../../rules/config-reader";

/** The largest request body, in bytes; what the Go plugin asks Envoy for. */
const MAX_REQUEST: i64 = 104_857_600;
/**
 * The largest body that is put into another protocol. Escapes that are put into two protocols after
 * each other need nine bytes of memory for each of theirs, of the 1 GiB that a VM has.
 */
const MAX_TRANSLATED: i64 = 67_108_864;
const BUFFERED: i64 = 134_217_728;
const MAX_BUFFERED: i64 = 268_435_456;

/** What one worker takes of its clients; sizes in bytes. */
export class Limits {
  /** A request body. */
  request: i64 = MAX_REQUEST;
  /** A request body that is put into another protocol. */
  translated: i64 = MAX_TRANSLATED;
  /** All bodies that are held at a time. */
  buffered: i64 = BUFFERED;
  /** How long request headers wait for the first piece of the body, in ms. */
  holdTimeoutMs: i64 = DEFAULT_HOLD_MS;
}

/** Reads the limits, which stand beside `provider`. */
export function readLimits(reader: ConfigReader): Limits {
  const limits = new Limits();
  limits.request = reader.positive("maxRequestBytes", MAX_REQUEST, MAX_REQUEST);
  limits.translated = reader.positive("maxTranslatedBytes", MAX_TRANSLATED, MAX_TRANSLATED);
  limits.buffered = reader.positive("maxBufferedBytes", BUFFERED, MAX_BUFFERED);
  limits.holdTimeoutMs = reader.positive("requestHoldTimeout", DEFAULT_HOLD_MS, MAX_HOLD_MS);
  return limits;
}

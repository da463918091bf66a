import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { getProperty, setProperty } from "../proxy-wasm/property";
import { Blake2b } from "../text/blake2b";

/** Bytes of a fingerprint. */
export const FINGERPRINT_BYTES: i32 = 16;
/** The fingerprint without ai-proxy. */
export const NO_FINGERPRINT: Bytes = Bytes.wrap(new ArrayBuffer(FINGERPRINT_BYTES));

/** Filter state that ai-proxy leaves in the stream for ai-cache. */
export namespace MarkName {
  /** By a filter of the chain. */
  export const Chain: Bytes = Bytes.of("ai_proxy_chain");
  /** By the upstream filter of the first attempt. */
  export const FirstAttempt: Bytes = Bytes.of("ai_proxy_first");
  /** By the upstream filter of the latest attempt. */
  export const LastAttempt: Bytes = Bytes.of("ai_proxy_last");
}

/** What ai-proxy publishes about one request: how it is configured for it. */
export class Mark {
  constructor(
    /** Digest of everything in the configuration that can change an answer. */
    readonly fingerprint: Bytes,
    /**
     * Whether the plugin has been reconfigured since, so that this configuration may be about to disappear.
     */
    readonly isSuperseded: bool,
    /** The attempt that left it, from 1; 0 outside upstream filters. */
    readonly attempt: i32,
  ) {}

  /** Reads the mark of that name from the current stream; null if there is none. */
  static read(name: Bytes): Mark | null {
    const value = getProperty(name);
    if (value === null || value.length != FINGERPRINT_BYTES + 2) return null;
    return new Mark(
      value.slice(0, FINGERPRINT_BYTES),
      value.at(FINGERPRINT_BYTES) != 0,
      <i32>value.at(FINGERPRINT_BYTES + 1),
    );
  }

  /** Writes the mark to the current stream, replacing an earlier one of that name. */
  leave(name: Bytes): void {
    const out = new ByteWriter(FINGERPRINT_BYTES + 2).bytes(this.fingerprint);
    out.byte(this.isSuperseded ? 1 : 0).byte(<u8>min(255, max(0, this.attempt)));
    setProperty(name, out.toBytes());
  }
}

/** A fingerprint of `data`. */
export function fingerprintOf(data: Bytes): Bytes {
  return Blake2b.digest(data).slice(0, FINGERPRINT_BYTES);
}

/** The combined fingerprint of two configurations that act in sequence. */
export function combine(first: Bytes, second: Bytes): Bytes {
  return fingerprintOf(new ByteWriter(64).framed(first).framed(second).toBytes());
}

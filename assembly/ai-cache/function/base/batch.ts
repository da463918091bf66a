import { Bytes } from "../../../proxy-wasm/bytes";
import { CacheKey } from "../../key/cache-key";

/** An answer to several items, split. */
export class BatchParts {
  constructor(
    /** The answers that each item alone would have received, in order. */
    readonly answers: Bytes[],
    /** The model that the answer names; empty for none. */
    readonly model: Bytes,
    /** Token counts of each answer; 0 if unknown. */
    readonly costs: u32[],
  ) {}
}

/** A request for several independent items, which are cached separately. Items are numbered from 0. */
export abstract class Batch {
  /** Number of items. */
  abstract get count(): i32;

  /** Bytes held until `close`. */
  abstract get bytes(): i32;

  /** Digest of what all items share and of the tenant: 32 bytes. */
  abstract get form(): Bytes;

  /** The keys of the items, for the ai-proxy configuration in `fingerprint`. */
  abstract keysAt(fingerprint: Bytes): CacheKey[];

  /** The body of a request for some of the items, in ascending order. */
  abstract bodyFor(items: i32[]): Bytes;

  /** Splits an answer to some of the items; null unless it has exactly one part for each. */
  abstract split(answer: Bytes, items: i32[]): BatchParts | null;

  /**
   * Combines the answers to all items; null when they do not fit together. `frame`: index of the one whose
   * other members are used.
   */
  abstract join(answers: Bytes[], frame: i32): Bytes | null;

  /** Releases the request: no further body is built from it. */
  abstract close(): void;

  /** Most outputs of an answer, by the size of those of a cached answer. */
  abstract mostLike(answer: Bytes): i32;
}

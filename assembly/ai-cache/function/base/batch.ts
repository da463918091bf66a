import { Bytes } from "../../../proxy-wasm/bytes";
import { CacheKey } from "../../key/cache-key";

/** An answer to several items, divided. */
export class BatchParts {
  constructor(
    /** The answers that each item alone would have got, in the order of the items. */
    readonly answers: Bytes[],
    /** The model that the answer names; empty when it names none. */
    readonly model: Bytes,
    /** What each answer took, in tokens; 0 where it is not told. */
    readonly costs: u32[],
  ) {}
}

/**
 * A request for several items that are answered independently of each other, so that each is stored for
 * itself. Items are numbered from 0 on.
 */
export abstract class Batch {
  /** Number of items. */
  abstract get count(): i32;

  /** Bytes that are held until `close`. */
  abstract get bytes(): i32;

  /** Stands for what all items share and for who asks: 32 bytes. */
  abstract get form(): Bytes;

  /** The keys of the items where `fingerprint` says what answers. */
  abstract keysAt(fingerprint: Bytes): CacheKey[];

  /** The body of a request for some of the items, given in ascending order. */
  abstract bodyFor(items: i32[]): Bytes;

  /** Divides an answer to some of the items; null when it has not exactly one part for each. */
  abstract split(answer: Bytes, items: i32[]): BatchParts | null;

  /**
   * Puts the answers to all items together; null when they do not belong together. `frame`: the number of
   * the one whose other members count.
   */
  abstract join(answers: Bytes[], frame: i32): Bytes | null;

  /** Lets the request go: no body is made of it any more. */
  abstract close(): void;

  /** How many values as large as those of a stored answer one answer may have. */
  abstract mostLike(answer: Bytes): i32;
}

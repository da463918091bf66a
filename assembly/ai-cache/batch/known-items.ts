import { ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { CacheControl } from "../../http/cache-control";
import { CacheKey } from "../key/cache-key";
import { Answers } from "../answers/answers";
import { AnswerRecord } from "../store/record";

/** Most bytes of cached answers that one answer combines. */
const MAX_BYTES: i64 = 16 << 20;

/** The cached and the missing items of a request. */
export class KnownItems {
  /** The cached answer of each item; null where there is none. */
  readonly records: (AnswerRecord | null)[] = [];
  /** Numbers of the missing items. */
  missing: i32[] = [];
  /** A cached answer; null when there is none. */
  sample: AnswerRecord | null = null;
  /** The greatest age, in seconds. */
  age: u64 = 0;
  private bytes: i64 = 0;

  /** `share`: the budget that counts the bytes. */
  constructor(private readonly share: ByteShare) {}

  /** Looks all items up. `now`: seconds. */
  find(answers: Answers, keys: CacheKey[], allowed: CacheControl, now: u64): void {
    for (let i = 0; i < keys.length; i++) {
      answers.touch(keys[i]);
      const record = answers.find(keys[i], now);
      const isTaken = record !== null && this.isFresh(record, allowed.maxAge, now);
      if (record === null || !isTaken || !this.hold(record)) {
        this.records.push(null);
        this.missing.push(i);
        continue;
      }
      this.records.push(null);
      this.take(i, record, now);
    }
  }

  /**
   * Adds what was found elsewhere for the first missing items, in order, if it is fresh enough. Returns the
   * numbers of the items found.
   */
  add(found: (AnswerRecord | null)[], allowed: CacheControl, now: u64): i32[] {
    const missing: i32[] = [];
    const added: i32[] = [];
    for (let i = 0; i < this.missing.length; i++) {
      const item = this.missing[i];
      let record: AnswerRecord | null = null;
      if (i < found.length) record = found[i];
      const isTaken = record !== null && this.isFresh(record, allowed.maxAge, now);
      if (record === null || !isTaken || !this.hold(record)) {
        missing.push(item);
        continue;
      }
      this.take(item, record, now);
      added.push(item);
    }
    this.missing = missing;
    return added;
  }

  private take(item: i32, record: AnswerRecord, now: u64): void {
    this.records[item] = record;
    if (this.sample === null) this.sample = record;
    this.age = max(this.age, record.age(now));
  }

  /** The cached answer of an item; null where there is none. */
  recordOf(item: i32): AnswerRecord | null {
    if (<u32>item < <u32>this.records.length) return this.records[item];
    return null;
  }

  /** Number of items found. */
  get count(): i32 {
    return this.records.length - this.missing.length;
  }

  /** All answers in order; `fresh` are those of the missing ones. */
  with(fresh: Bytes[]): Bytes[] {
    const all: Bytes[] = [];
    let next = 0;
    for (let i = 0; i < this.records.length; i++) {
      const record = this.records[i];
      if (record !== null) all.push(record.answer);
      else if (next < fresh.length) all.push(fresh[next++]);
    }
    return all;
  }

  /** Releases what is held. Idempotent. */
  release(): void {
    this.share.release();
    this.sample = null;
    this.records.length = 0;
  }

  private isFresh(record: AnswerRecord, maxAge: i64, now: u64): bool {
    if (record.isExpired(now)) return false;
    return maxAge < 0 || record.age(now) <= <u64>maxAge;
  }

  private hold(record: AnswerRecord): bool {
    const size = <i64>record.answer.length;
    if (this.bytes + size > MAX_BYTES || !this.share.take(size)) return false;
    this.bytes += size;
    return true;
  }
}

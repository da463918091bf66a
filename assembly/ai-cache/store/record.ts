import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

/** Seconds that a text without a known lifetime is kept in memory. */
export const TEXT_LIFE: u64 = 60;

/** "AIC" and the version of the layout; the first version ended with the digest. */
const MAGIC_1: u32 = 0x31434941;
const MAGIC: u32 = 0x32434941;
const HEADER_1: i32 = 64;
const HEADER: i32 = 88;
const DIGEST: i32 = 32;

/** The protocol of an answer. */
enum AnswerProtocol {
  OpenAiChat = 1,
}

/*
 * Layout, little-endian:
 *
 *   0      4          8          16        24        32       64      68       72       76         80       84
 *   | AIC2 | protocol | checksum | created | expires | digest | input | cached | output | duration | staleness | stale for
 *
 *   88  question · model · answer · profile, each with a u32 length
 *
 * checksum: XXH64 of everything after it. created, expires: seconds since 1970; expires 0 means never. stale for:
 * `staleFor` and one more, 0 for −1.
 */

/** One cached answer. */
export class AnswerRecord {
  /** Digest of the entry that this is a copy of, or its own. Not encoded. */
  origin: Bytes;
  /** Seconds since 1970 until which it is kept after its expiry; 0 for no longer. Not encoded. */
  kept: u64 = 0;
  /** The cost of asking the model again, in tokens; 0 if unknown. Not encoded. */
  cost: u32 = 0;
  /** The tenant. Not encoded. */
  tenant: u32 = 0;
  /** Token counts by the answer's usage; zeros without usage. */
  input: u32 = 0;
  /** Part of `input` that the vendor read from its cache. */
  cached: u32 = 0;
  output: u32 = 0;
  /** Milliseconds that the model took. */
  duration: u32 = 0;
  /** The expected share of stale hits, in millionths. */
  staleness: u32 = 0;
  /** Seconds for which its own headers allow it to be served stale instead of an error, −1 if unspecified. */
  staleFor: i64 = -1;
  /** Observations of how answers to its question change (`ProfileStore`); empty for none. */
  profile: Bytes = Bytes.empty();

  constructor(
    /** BLAKE2b-256 of the key: 32 bytes. */
    readonly digest: Bytes,
    readonly created: u64,
    public expires: u64,
    /** The question's text, for semantic matching. */
    readonly question: Bytes,
    readonly model: Bytes,
    /** The complete chat completion as JSON. */
    readonly answer: Bytes,
  ) {
    this.origin = digest;
  }

  /** The encoded record. */
  encode(): Bytes {
    const texts = this.question.length + this.model.length + this.answer.length;
    const out = new ByteWriter(HEADER + 16 + texts + this.profile.length);
    out
      .uint(<u64>MAGIC, 4)
      .uint(<u64>AnswerProtocol.OpenAiChat, 4)
      .uint(0, 8);
    out.uint(this.created, 8).uint(this.expires, 8).bytes(this.digest);
    out.uint(this.input, 4).uint(this.cached, 4).uint(this.output, 4);
    const stale = min<i64>(<i64>u32.MAX_VALUE - 1, this.staleFor) + 1;
    out
      .uint(this.duration, 4)
      .uint(this.staleness, 4)
      .uint(<u64>stale, 4);
    out.framed(this.question).framed(this.model).framed(this.answer).framed(this.profile);
    const record = out.toBytes();
    store<u64>(record.pointer + 8, xxhash64(record.slice(16)));
    return record;
  }

  /** Reads stored bytes; null when they are foreign, of an unknown version, truncated or damaged. */
  static decode(data: Bytes): AnswerRecord | null {
    if (data.length < HEADER_1 + 12) return null;
    const p = data.pointer;
    const isFirst = load<u32>(p) == MAGIC_1;
    if (!isFirst && (load<u32>(p) != MAGIC || data.length < HEADER + 16)) return null;
    if (load<u32>(p, 4) != <u32>AnswerProtocol.OpenAiChat) return null;
    if (load<u64>(p, 8) != xxhash64(data.slice(16))) return null;
    const frames = new Frames(data, isFirst ? HEADER_1 : HEADER);
    const question = frames.next();
    const model = frames.next();
    const answer = frames.next();
    const profile = isFirst ? Bytes.empty() : frames.next();
    if (!frames.isWhole) return null;
    const digest = data.slice(32, 32 + DIGEST);
    const times = load<u64>(p, 16);
    const record = new AnswerRecord(digest, times, load<u64>(p, 24), question, model, answer);
    if (isFirst) return record;
    record.input = load<u32>(p, 64);
    record.cached = min(record.input, load<u32>(p, 68));
    record.output = load<u32>(p, 72);
    record.duration = load<u32>(p, 76);
    record.staleness = load<u32>(p, 80);
    record.staleFor = <i64>load<u32>(p, 84) - 1;
    record.profile = profile;
    return record;
  }

  /** Whether the answer may no longer be served at `now` (seconds). */
  isExpired(now: u64): bool {
    return this.expires != 0 && now >= this.expires;
  }

  /** Seconds since the answer was cached. */
  age(now: u64): u64 {
    return now > this.created ? now - this.created : 0;
  }

  /** Whether the answer has a usage. */
  get hasUsage(): bool {
    return this.input > 0 || this.output > 0;
  }

  /**
   * The probability that the answer has changed by `now` (seconds), from 0 to 1: it grows linearly, so that
   * its mean over the lifetime is the expected share.
   */
  staleRisk(now: u64): f64 {
    if (this.expires <= this.created) return 0;
    const part = <f64>this.age(now) / <f64>(this.expires - this.created);
    return min(1, (2 * part * <f64>this.staleness) / 1e6);
  }
}

/** Framed texts one after the other. */
class Frames {
  private isCut: bool = false;

  constructor(
    private readonly data: Bytes,
    private at: i32,
  ) {}

  /** The next text; empty when there is none, see `isWhole`. */
  next(): Bytes {
    if (this.isCut) return Bytes.empty();
    const text = this.data.framedAt(this.at);
    if (text === null) {
      this.isCut = true;
      return Bytes.empty();
    }
    this.at += 4 + text.length;
    return text;
  }

  /** Whether all texts were present, with nothing after them. */
  get isWhole(): bool {
    return !this.isCut && this.at == this.data.length;
  }
}

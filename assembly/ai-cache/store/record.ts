import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

/** Seconds that a text without a known life is kept in memory. */
export const TEXT_LIFE: u64 = 60;

/** "AIC" and the version of the layout. */
const MAGIC: u32 = 0x31434941;
const HEADER: i32 = 64;
const DIGEST: i32 = 32;

/** The protocol that an answer is written in. */
export enum AnswerProtocol {
  OpenAiChat = 1,
}

/*
 * Layout, little-endian:
 *
 *   0      4          8          16        24        32       64
 *   | AIC1 | protocol | checksum | created | expires | digest | question · model · answer, each with a u32 length
 *
 * checksum: XXH64 of everything behind it. created, expires: seconds since 1970; expires 0 means never.
 */

/** One stored answer. */
export class AnswerRecord {
  /** Digest of the entry that this is a copy of; its own otherwise. Not a part of the stored form. */
  origin: Bytes;
  /** Seconds since 1970 until which it is kept though it has expired; 0 for no longer. Not stored. */
  kept: u64 = 0;
  /** What asking the model again would cost, in tokens; 0 when it is not known. Not stored. */
  cost: u32 = 0;
  /** Stands for who asked. Not stored. */
  tenant: u32 = 0;

  constructor(
    /** BLAKE2b-256 of the key: 32 bytes. */
    readonly digest: Bytes,
    readonly created: u64,
    public expires: u64,
    /** The question's text, for comparison by meaning. */
    readonly question: Bytes,
    readonly model: Bytes,
    /** The complete chat completion as JSON. */
    readonly answer: Bytes,
  ) {
    this.origin = digest;
  }

  /** The bytes to be stored. */
  encode(): Bytes {
    const out = new ByteWriter(
      HEADER + 12 + this.question.length + this.model.length + this.answer.length,
    );
    out
      .uint(<u64>MAGIC, 4)
      .uint(<u64>AnswerProtocol.OpenAiChat, 4)
      .uint(0, 8);
    out.uint(this.created, 8).uint(this.expires, 8).bytes(this.digest);
    out.framed(this.question).framed(this.model).framed(this.answer);
    const record = out.toBytes();
    store<u64>(record.pointer + 8, xxhash64(record.slice(16)));
    return record;
  }

  /** Reads stored bytes; null when they are foreign, of another version, cut or damaged. */
  static decode(data: Bytes): AnswerRecord | null {
    if (data.length < HEADER + 12) return null;
    const p = data.pointer;
    if (load<u32>(p) != MAGIC || load<u32>(p, 4) != <u32>AnswerProtocol.OpenAiChat) return null;
    if (load<u64>(p, 8) != xxhash64(data.slice(16))) return null;
    const question = data.framedAt(HEADER);
    if (question === null) return null;
    const modelAt = HEADER + 4 + question.length;
    const model = data.framedAt(modelAt);
    if (model === null) return null;
    const answerAt = modelAt + 4 + model.length;
    const answer = data.framedAt(answerAt);
    if (answer === null || answerAt + 4 + answer.length != data.length) return null;
    return new AnswerRecord(
      data.slice(32, 32 + DIGEST),
      load<u64>(p, 16),
      load<u64>(p, 24),
      question,
      model,
      answer,
    );
  }

  /** Whether the answer may no longer be served at `now` (seconds). */
  isExpired(now: u64): bool {
    return this.expires != 0 && now >= this.expires;
  }

  /** Seconds since the answer was stored. */
  age(now: u64): u64 {
    return now > this.created ? now - this.created : 0;
  }
}

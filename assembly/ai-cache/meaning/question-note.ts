import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Vector } from "../vector/vector";

const VERSION: u8 = 1;
const DIGEST: i32 = 32;
/** Version, three digests, expiry. */
const HEAD: i32 = 1 + 3 * DIGEST + 8;

/**
 * What an index of questions has to know of a stored answer. It is stored with the record, so that
 * other workers learn of the question without reading the answer.
 *
 *   version u8 · digest · scope · partition · expires u64 · vector, question: each with a u32 length
 */
export class QuestionNote {
  constructor(
    /** Digest of the entry's key: 32 bytes. */
    readonly digest: Bytes,
    /** The scope: what requests must share for the answer to be right: 32 bytes. */
    readonly scope: Bytes,
    /** The partition: what entries must share to be compared: 32 bytes. */
    readonly partition: Bytes,
    /** Seconds since 1970, 0 for never. */
    readonly expires: u64,
    readonly question: Bytes,
    readonly vector: Vector | null,
  ) {}

  encode(): Bytes {
    const vector = this.vector;
    const out = new ByteWriter(HEAD + 8 + this.question.length + 512).byte(VERSION);
    out.bytes(this.digest).bytes(this.scope).bytes(this.partition).uint(this.expires, 8);
    out.framed(vector === null ? Bytes.empty() : vector.encode()).framed(this.question);
    return out.toBytes();
  }

  /** Reads a note; null when it is empty, of another version, truncated or foreign. */
  static decode(data: Bytes): QuestionNote | null {
    if (data.length < HEAD + 8 || data.at(0) != VERSION) return null;
    const vector = data.framedAt(HEAD);
    if (vector === null) return null;
    const questionAt = HEAD + 4 + vector.length;
    const question = data.framedAt(questionAt);
    if (question === null || questionAt + 4 + question.length != data.length) return null;
    return new QuestionNote(
      data.slice(1, 1 + DIGEST),
      data.slice(1 + DIGEST, 1 + 2 * DIGEST),
      data.slice(1 + 2 * DIGEST, 1 + 3 * DIGEST),
      load<u64>(data.pointer + 1 + 3 * DIGEST),
      question,
      Vector.decode(vector),
    );
  }
}

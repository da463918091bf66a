import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";
import { Vector } from "../vector/vector";

/** Remembered questions; a vector takes one byte per dimension. */
const CAPACITY: i32 = 128;

/** The vectors of the most recent questions. */
export class VectorMemo {
  private readonly hashes: StaticArray<u64> = new StaticArray<u64>(CAPACITY);
  private readonly questions: Bytes[] = [];
  private readonly vectors: Vector[] = [];
  private next: i32 = 0;

  /** The vector of a question, null when it is not remembered. */
  get(question: Bytes): Vector | null {
    const hash = xxhash64(question);
    for (let i = 0; i < this.vectors.length; i++) {
      if (unchecked(this.hashes[i]) != hash) continue;
      if (this.questions[i].equals(question)) return this.vectors[i];
    }
    return null;
  }

  /** Forgets all of them. */
  clear(): void {
    this.questions.length = 0;
    this.vectors.length = 0;
    this.next = 0;
  }

  /** Remembers a vector, replacing the oldest one. */
  put(question: Bytes, vector: Vector): void {
    const at = this.next;
    this.next = (at + 1) % CAPACITY;
    unchecked((this.hashes[at] = xxhash64(question)));
    if (at < this.vectors.length) {
      this.questions[at] = question;
      this.vectors[at] = vector;
    } else {
      this.questions.push(question);
      this.vectors.push(vector);
    }
  }
}

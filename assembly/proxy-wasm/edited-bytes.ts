import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";

/**
 * Bytes that differ from others before one range and after it, and share that range. So a large body whose
 * model gets another name is neither copied nor given to the host once more.
 */
export class EditedBytes {
  private joined: Bytes | null = null;

  /** `[from, to)`, a range of `source`, between `head` and `tail`. */
  constructor(
    readonly source: Bytes,
    readonly head: Bytes,
    readonly from: i32,
    readonly to: i32,
    readonly tail: Bytes,
  ) {}

  /** All of `source`, as it is. */
  static of(source: Bytes): EditedBytes {
    return new EditedBytes(source, Bytes.empty(), 0, source.length, Bytes.empty());
  }

  get length(): i32 {
    return this.head.length + this.to - this.from + this.tail.length;
  }

  /** What of the source is shared. */
  get shared(): Bytes {
    return this.source.slice(this.from, this.to);
  }

  /** Whether these are exactly `other`, the same object. */
  isAll(other: Bytes): bool {
    return (
      this.source === other && this.to - this.from == other.length && this.length == other.length
    );
  }

  /** All of it in one piece; the source itself where nothing differs. */
  whole(): Bytes {
    if (this.isAll(this.source)) return this.source;
    let joined = this.joined;
    if (joined === null) {
      const out = new ByteWriter(this.length).bytes(this.head);
      this.joined = joined = out.bytes(this.shared).bytes(this.tail).toBytes();
    }
    return joined;
  }
}

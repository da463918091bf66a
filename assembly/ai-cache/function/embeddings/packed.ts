import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";

/** Kinds of ranges of an answer. */
export enum MarkKind {
  /** The only output of a list, in list order. */
  Output,
  /** The index of that output, inside it. */
  Index,
  /** The name of a count. */
  CountName,
  /** Its value. */
  Count,
  /** The model, as JSON. */
  Model,
}

const MARK: i32 = 9;
/** An answer has marks for each list and its indexes, for each count and its name, and for the model. */
const MAX_MARKS: i32 = 64;

/*
 * Layout, little-endian: number of marks u32 · marks · the answer as JSON
 *
 * A mark: kind u8 · start u32 · end u32, counted from the beginning of the JSON, in ascending order of the starts.
 */

/** Writes an answer to one item with marks of its parts, so that it can be combined without being parsed. */
export class AnswerPacker {
  private readonly marks: ByteWriter = new ByteWriter(MAX_MARKS * MARK);
  private readonly out: ByteWriter;

  /** `size`: approximate bytes of the answer. */
  constructor(size: i32) {
    this.out = new ByteWriter(size);
  }

  /** Appends what is the same in all answers. */
  add(bytes: Bytes): void {
    this.out.bytes(bytes);
  }

  /** Appends a marked range. */
  addMarked(kind: MarkKind, bytes: Bytes): void {
    const start = this.out.length;
    this.out.bytes(bytes);
    this.mark(kind, start, this.out.length);
  }

  /** Appends an output with `number` between `before` and `after`; with an empty `after` it has no number. */
  addOutput(before: Bytes, number: Bytes, after: Bytes): void {
    const start = this.out.length;
    const at = start + before.length;
    this.mark(MarkKind.Output, start, at + number.length + after.length);
    this.out.bytes(before);
    if (number.length > 0) this.addMarked(MarkKind.Index, number);
    this.out.bytes(after);
  }

  toBytes(): Bytes {
    const marks = this.marks.toBytes();
    const packed = new ByteWriter(4 + marks.length + this.out.length);
    packed.uint(<u64>(marks.length / MARK), 4).bytes(marks);
    return packed.bytes(this.out.toBytes()).toBytes();
  }

  private mark(kind: MarkKind, start: i32, end: i32): void {
    this.marks
      .byte(<u8>kind)
      .uint(<u64>start, 4)
      .uint(<u64>end, 4);
  }
}

/** A packed answer to one item. */
export class PackedAnswer {
  private constructor(
    /** The answer as the service sent it. */
    readonly json: Bytes,
    private readonly marks: Bytes,
  ) {}

  /** Reads cached bytes; null when they are invalid. */
  static decode(data: Bytes): PackedAnswer | null {
    if (data.length < 4) return null;
    const count = load<u32>(data.pointer);
    if (count > <u32>MAX_MARKS || 4 + <i32>count * MARK > data.length) return null;
    const from = 4 + <i32>count * MARK;
    const packed = new PackedAnswer(data.slice(from), data.slice(4, from));
    let previous: u32 = 0;
    for (let i = 0; i < <i32>count; i++) {
      const start = <u32>packed.start(i);
      if (start < previous || <u32>packed.end(i) < start) return null;
      if (<u32>packed.end(i) > <u32>packed.json.length) return null;
      previous = start;
    }
    return packed;
  }

  /** Number of marks. */
  get count(): i32 {
    return this.marks.length / MARK;
  }

  /** `MarkKind` of a mark; `Model` out of range. */
  kind(mark: i32): i32 {
    return <u32>mark < <u32>this.count ? this.marks.at(mark * MARK) : MarkKind.Model;
  }

  /** Where a mark begins. */
  start(mark: i32): i32 {
    return <i32>this.number(mark * MARK + 1);
  }

  /** Where it ends. */
  end(mark: i32): i32 {
    return <i32>this.number(mark * MARK + 5);
  }

  /** The marked range. */
  text(mark: i32): Bytes {
    return this.json.slice(this.start(mark), this.end(mark));
  }

  /** The model as JSON; empty when none is named. */
  get model(): Bytes {
    for (let i = 0; i < this.count; i++) {
      if (this.kind(i) == MarkKind.Model) return this.text(i);
    }
    return Bytes.empty();
  }

  private number(at: i32): u32 {
    return at >= 0 && at + 4 <= this.marks.length ? load<u32>(this.marks.pointer + <usize>at) : 0;
  }
}

import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

/**
 * Edits of a text by byte ranges. Everything outside the ranges stays as it was, byte for byte.
 * Ranges do not overlap: of two that do, the one that holds the other counts, else the one that was added
 * first.
 */
export class Splice {
  private readonly starts: i32[] = [];
  private readonly ends: i32[] = [];
  private readonly texts: Bytes[] = [];
  private isSorted: bool = true;

  constructor(private readonly source: Bytes) {}

  /** Whether nothing has been added. */
  get isEmpty(): bool {
    return this.texts.length == 0;
  }

  /**
   * Replaces `[start, end)` by `text`; an empty range inserts. Edits may come in any order. False,
   * and no edit, when the range is out of the text.
   */
  replace(start: i32, end: i32, text: Bytes): bool {
    if (start < 0 || end < start || end > this.source.length) return false;
    const count = this.starts.length;
    if (count > 0 && start < this.starts[count - 1]) this.isSorted = false;
    this.starts.push(start);
    this.ends.push(end);
    this.texts.push(text);
    return true;
  }

  /** The edited text; the source itself when nothing was added. */
  apply(): Bytes {
    if (this.isEmpty) return this.source;
    const order = this.accepted(this.isSorted ? identity(this.starts.length) : sorted(this.starts));
    let size = this.source.length;
    for (let i = 0; i < order.length; i++) {
      const edit = order[i];
      size += this.texts[edit].length - (this.ends[edit] - this.starts[edit]);
    }
    const out = new ByteWriter(size);
    const base = this.source.pointer;
    let from = 0;
    for (let i = 0; i < order.length; i++) {
      const edit = order[i];
      out.memory(base + <usize>from, this.starts[edit] - from).bytes(this.texts[edit]);
      from = this.ends[edit];
    }
    return out.memory(base + <usize>from, this.source.length - from).toBytes();
  }

  /** `order`, by start, without the edits that give way to one which they overlap. */
  private accepted(order: i32[]): i32[] {
    const starts = this.starts;
    const ends = this.ends;
    let kept = 0;
    for (let i = 0; i < order.length; i++) {
      const edit = order[i];
      let counts = true;
      while (counts && kept > 0 && ends[order[kept - 1]] > starts[edit]) {
        const last = order[kept - 1];
        const isHeld = ends[edit] <= ends[last];
        counts = !isHeld && (starts[last] == starts[edit] || edit < last);
        if (counts) kept--;
      }
      if (counts) order[kept++] = edit;
    }
    order.length = kept;
    return order;
  }
}

/** The numbers from 0 up to `count`. */
function identity(count: i32): i32[] {
  const order = new Array<i32>(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}

/** The indexes of `starts` in the order of their values, equal ones as they stand: a merge sort. */
function sorted(starts: i32[]): i32[] {
  const count = starts.length;
  let from = identity(count);
  let to = new Array<i32>(count);
  for (let width = 1; width < count; width <<= 1) {
    for (let low = 0; low < count; low += width << 1) {
      const middle = min(low + width, count);
      const high = min(middle + width, count);
      let a = low;
      let b = middle;
      for (let at = low; at < high; at++) {
        const takesFirst = a < middle && (b >= high || starts[from[a]] <= starts[from[b]]);
        to[at] = takesFirst ? from[a++] : from[b++];
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { EditedBytes } from "../proxy-wasm/edited-bytes";

/** A range of the source that stays and is shorter than this is copied with what changes. */
const MIN_SHARED: i32 = 4096;

/** Of a text without edits, which most texts stay. Never written to. */
const NO_PLACES: i32[] = [];
const NO_TEXTS: Bytes[] = [];
/** The order of one edit. Never written to. */
const ONE: i32[] = [0];

/**
 * Edits of a text by byte ranges. Everything outside the ranges stays as it was, byte for byte. Ranges
 * should not overlap: of two that do, the one that contains the other counts, else the one added first.
 */
export class Splice {
  private starts: i32[] = NO_PLACES;
  private ends: i32[] = NO_PLACES;
  private texts: Bytes[] = NO_TEXTS;
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
    if (count == 0) {
      this.starts = [];
      this.ends = [];
      this.texts = [];
    }
    if (count > 0 && start < this.starts[count - 1]) this.isSorted = false;
    this.starts.push(start);
    this.ends.push(end);
    this.texts.push(text);
    return true;
  }

  /** The edited text; the source itself when nothing was added. */
  apply(): Bytes {
    if (this.isEmpty) return this.source;
    const order = this.order();
    return this.write(order, 0, order.length, 0, this.source.length);
  }

  /** The edited text, which shares the longest range that stays with the source. */
  edited(): EditedBytes {
    const source = this.source;
    if (this.isEmpty) return EditedBytes.of(source);
    const order = this.order();
    const count = order.length;
    let from = 0;
    let to = 0;
    // The number of edits before the range.
    let before = 0;
    for (let i = 0; i <= count; i++) {
      const start = i == 0 ? 0 : this.ends[order[i - 1]];
      const end = i == count ? source.length : this.starts[order[i]];
      if (end - start <= to - from) continue;
      from = start;
      to = end;
      before = i;
    }
    if (to - from < MIN_SHARED) {
      return EditedBytes.of(this.write(order, 0, count, 0, source.length));
    }
    const head = this.write(order, 0, before, 0, from);
    return new EditedBytes(
      source,
      head,
      from,
      to,
      this.write(order, before, count, to, source.length),
    );
  }

  /** The range `[from, to)` of the source after the edits `[first, last)` of `order`. */
  private write(order: i32[], first: i32, last: i32, from: i32, to: i32): Bytes {
    let size = to - from;
    for (let i = first; i < last; i++) {
      const edit = order[i];
      size += this.texts[edit].length - (this.ends[edit] - this.starts[edit]);
    }
    if (size == 0) return Bytes.empty();
    const out = new ByteWriter(size);
    const base = this.source.pointer;
    for (let i = first; i < last; i++) {
      const edit = order[i];
      out.memory(base + <usize>from, this.starts[edit] - from).bytes(this.texts[edit]);
      from = this.ends[edit];
    }
    return out.memory(base + <usize>from, to - from).toBytes();
  }

  /** The indexes of the edits that count, by start. */
  private order(): i32[] {
    if (this.starts.length == 1) return ONE;
    return this.accepted(this.isSorted ? identity(this.starts.length) : sorted(this.starts));
  }

  /** `order`, by start, without edits that lose to one they overlap. */
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

/** The indexes of `starts` sorted stably by their values: a merge sort. */
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

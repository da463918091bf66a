import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

/**
 * Edits of a text by byte ranges. Everything outside the ranges stays as it was, byte for byte.
 * Ranges do not overlap.
 */
export class Splice {
  private readonly starts: i32[] = [];
  private readonly ends: i32[] = [];
  private readonly texts: Bytes[] = [];
  private growth: i32 = 0;

  constructor(private readonly source: Bytes) {}

  /** Whether nothing has been added. */
  get isEmpty(): bool {
    return this.texts.length == 0;
  }

  /**
   * Replaces `[start, end)` by `text`; an empty range inserts. Edits may come in any order. False,
   * and no edit, when the range is out of the text or overlaps a former one.
   */
  replace(start: i32, end: i32, text: Bytes): bool {
    if (start < 0 || end < start || end > this.source.length) return false;
    let at = this.texts.length;
    while (at > 0 && this.starts[at - 1] > start) at--;
    if (at > 0 && this.ends[at - 1] > start) return false;
    if (at < this.texts.length && this.starts[at] < end) return false;
    insert<i32>(this.starts, at, start);
    insert<i32>(this.ends, at, end);
    insert<Bytes>(this.texts, at, text);
    this.growth += text.length - (end - start);
    return true;
  }

  /** The edited text; the source itself when nothing was added. */
  apply(): Bytes {
    if (this.isEmpty) return this.source;
    const out = new ByteWriter(this.source.length + this.growth);
    let from = 0;
    for (let i = 0; i < this.texts.length; i++) {
      out.bytes(this.source.slice(from, this.starts[i])).bytes(this.texts[i]);
      from = this.ends[i];
    }
    return out.bytes(this.source.slice(from)).toBytes();
  }
}

function insert<T>(list: Array<T>, at: i32, value: T): void {
  list.push(value);
  for (let i = list.length - 1; i > at; i--) list[i] = list[i - 1];
  list[at] = value;
}

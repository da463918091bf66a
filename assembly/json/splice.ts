import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

/**
 * Edits of a text by byte ranges. Everything outside the ranges stays as it was, byte for byte. Ranges are added in ascending order and do not
 * overlap; one that breaks this is ignored.
 */
export class Splice {
  private readonly starts: i32[] = [];
  private readonly ends: i32[] = [];
  private readonly texts: Bytes[] = [];
  private last: i32 = 0;
  private growth: i32 = 0;

  constructor(private readonly source: Bytes) {}

  /** Whether nothing has been added. */
  get isEmpty(): bool {
    return this.texts.length == 0;
  }

  /** Replaces `[start, end)` by `text`; an empty range inserts. False when the range is out of order or out of the text. */
  replace(start: i32, end: i32, text: Bytes): bool {
    if (start < this.last || end < start || end > this.source.length) return false;
    this.starts.push(start);
    this.ends.push(end);
    this.texts.push(text);
    this.last = end;
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

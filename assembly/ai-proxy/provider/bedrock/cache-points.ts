import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonBuilder } from "../../../json/builder";

const POINT = Bytes.of('{"cachePoint":{"type":"default"}}');
/** Bedrock refuses more. */
const MOST: i32 = 4;

/** Where Bedrock is to keep what it has read: a block of its own behind the one that is marked. */
export class CachePoints {
  private written: i32 = 0;

  /** `isKnown`: whether the model has such points. */
  constructor(private readonly isKnown: bool) {}

  /** Writes a point into the open list of blocks. `mark`: node of the mark, −1 for none. */
  write(mark: i32, out: JsonBuilder): void {
    if (mark < 0 || !this.isKnown || this.written >= MOST) return;
    this.written++;
    out.raw(POINT);
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { Char } from "../../proxy-wasm/char";

/** Members of one object; members of each event are looked up among them. */
const MAX_EXTRAS = 32;

/** What happens if a later event has another value of a member. */
export enum Change {
  /** The first value is kept. */
  First,
  /** The last value is kept. */
  Last,
  /** A fault. */
  Never,
}

/** Members that are kept verbatim; empty values (`""`, `0`, `[]`, `{}`, `null`) are replaced by others. */
export class Extras {
  private readonly names: Bytes[] = [];
  private readonly values: Bytes[] = [];
  private readonly isEmpty: bool[] = [];
  /** Bytes that are kept. */
  bytes: i32 = 0;

  /** Keeps a member; false when it cannot be kept. */
  keep(document: JsonDocument, key: i32, value: i32, change: Change): bool {
    const name = document.raw(key).slice(1, document.raw(key).length - 1);
    const raw = document.raw(value);
    const isEmpty = isZeroOrEmpty(document, value);
    for (let i = 0; i < this.names.length; i++) {
      if (!this.names[i].equals(name)) continue;
      const isNew = !isEmpty && !this.values[i].equals(raw);
      if (!isNew || (change == Change.First && !this.isEmpty[i])) return true;
      if (change == Change.Never && !this.isEmpty[i]) return false;
      this.bytes += raw.length - this.values[i].length;
      this.values[i] = raw.copy();
      this.isEmpty[i] = false;
      return true;
    }
    if (this.names.length >= MAX_EXTRAS) return false;
    this.names.push(name.copy());
    this.values.push(raw.copy());
    this.isEmpty.push(isEmpty);
    this.bytes += name.length + raw.length;
    return true;
  }

  /** Appends the members. */
  write(out: JsonWriter): void {
    for (let i = 0; i < this.names.length; i++) out.key(this.names[i]).raw(this.values[i]);
  }
}

/** Whether a value is `""`, `0`, `[]`, `{}` or null. */
function isZeroOrEmpty(document: JsonDocument, value: i32): bool {
  const kind = document.kind(value);
  if (kind == Kind.Array || kind == Kind.Object) return document.size(value) == 0;
  if (kind == Kind.String) return document.start(value) == document.end(value);
  const raw = document.raw(value);
  return kind == Kind.Null || (raw.length == 1 && raw.at(0) == Char.Zero);
}

import { Bytes } from "../proxy-wasm/bytes";

/** What was found for the text that was asked for last: most requests ask for the same one. */
export class Recent<T> {
  private text: Bytes = Bytes.empty();
  private isKept: bool = false;

  /** `value`: until something is kept. */
  constructor(private found: T) {}

  /** What `keep` has been given. */
  get value(): T {
    return this.found;
  }

  /** Whether `value` is the one for `text`. */
  holds(text: Bytes): bool {
    return this.isKept && this.text.equals(text);
  }

  /** Keeps `value` for `text`, in place of the previous one, and returns it. */
  keep(text: Bytes, value: T): T {
    // A slice would keep a whole body.
    this.text = text.copy();
    this.found = value;
    this.isKept = true;
    return value;
  }
}

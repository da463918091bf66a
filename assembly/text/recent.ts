import { Bytes } from "../proxy-wasm/bytes";

/** Results that are held. */
const MAX_RESULTS: i32 = 4;

/** What was found for the few texts that were asked for last: most requests ask for the same ones. */
export class Recent<T> {
  private readonly texts: Bytes[] = [];
  private readonly results: T[] = [];
  /** Index of the result that is replaced next, once there are `MAX_RESULTS`. */
  private oldest: i32 = 0;

  /** `found`: the `value` until something is kept. */
  constructor(private found: T) {}

  /** The result for the text that `holds` has found or `keep` has been given last. */
  get value(): T {
    return this.found;
  }

  /** Whether there is a result for `text`, which becomes the `value`. */
  holds(text: Bytes): bool {
    const texts = this.texts;
    for (let i = 0; i < texts.length; i++) {
      if (!texts[i].equals(text)) continue;
      this.found = this.results[i];
      return true;
    }
    return false;
  }

  /** Keeps `value` for `text`, which has no result yet, in place of the oldest one, and returns it. */
  keep(text: Bytes, value: T): T {
    // A slice would keep a whole body.
    const copy = text.copy();
    if (this.texts.length < MAX_RESULTS) {
      this.texts.push(copy);
      this.results.push(value);
    } else {
      this.texts[this.oldest] = copy;
      this.results[this.oldest] = value;
      this.oldest = (this.oldest + 1) % MAX_RESULTS;
    }
    this.found = value;
    return value;
  }
}

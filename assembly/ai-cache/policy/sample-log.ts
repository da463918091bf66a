import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "./numbered-key";

/** Pages kept for the reader. */
export const LOG_PAGES: u64 = 64;
/** Samples of a page at most. */
const PAGE_SAMPLES: i32 = 32;
/** key u64 · cost u32 · size u32 */
const SAMPLE: usize = 16;
const HEAD: usize = 8;
const TRIES: i32 = 4;

/** Requests for sampled keys. */
export class Samples {
  private readonly data: Bytes = Bytes.wrap(
    new ArrayBuffer(<i32>HEAD + PAGE_SAMPLES * <i32>SAMPLE),
  );
  length: i32 = 0;

  get isFull(): bool {
    return this.length == PAGE_SAMPLES;
  }

  /** Adds a request for a key, with the cost and size of its answer. */
  add(key: u64, cost: u32, size: u32): void {
    if (this.isFull) return;
    const p = this.data.pointer + HEAD + <usize>this.length * SAMPLE;
    store<u64>(p, key);
    store<u32>(p, cost, 8);
    store<u32>(p, size, 12);
    this.length++;
  }

  /** The page that they make under its number. */
  page(number: u64): Bytes {
    store<u64>(this.data.pointer, number);
    return this.data.slice(0, <i32>HEAD + this.length * <i32>SAMPLE);
  }
}

/** A log of requests in shared data: workers add pages to it, one of them reads. The oldest are overwritten. */
export class SampleLog {
  private readonly headKey: Bytes;
  private readonly pageKey: NumberedKey;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    this.headKey = Bytes.of(prefix + "k");
    this.pageKey = new NumberedKey(prefix + "l");
  }

  /** Adds a page, unless other workers keep winning. */
  add(samples: Samples): void {
    for (let i = 0; i < TRIES; i++) {
      const value = getShared(this.headKey);
      const number = value === null ? 0 : numberIn(value.data);
      const next = Bytes.wrap(new ArrayBuffer(8));
      store<u64>(next.pointer, number + 1);
      if (!setSharedIf(this.headKey, next, value === null ? 0 : value.cas)) continue;
      setShared(this.pageKey.at(<u32>(number % LOG_PAGES)), samples.page(number));
      return;
    }
  }

  /** The number of the next page. */
  head(): u64 {
    const value = getShared(this.headKey);
    return value === null ? 0 : numberIn(value.data);
  }

  /** The samples of a page; null when it is not written yet, or overwritten. */
  read(number: u64): Bytes | null {
    const value = getShared(this.pageKey.at(<u32>(number % LOG_PAGES)));
    if (value === null || value.data.length < <i32>HEAD) return null;
    if (load<u64>(value.data.pointer) != number) return null;
    return value.data.slice(<i32>HEAD);
  }
}

/** How many samples are in the bytes of a page. */
export function samplesIn(page: Bytes): i32 {
  return page.length / <i32>SAMPLE;
}

/** Where sample `index` of a page begins: key u64 · cost u32 · size u32. */
export function sampleAt(page: Bytes, index: i32): usize {
  return page.pointer + <usize>index * SAMPLE;
}

function numberIn(data: Bytes): u64 {
  return data.length == 8 ? load<u64>(data.pointer) : 0;
}

import { Frequencies } from "./frequencies";
import { agePage, countIn, MOST, PAGE_BYTES, PAGE_COUNTERS, raiseIn } from "./sketch-page";

/** The frequency sketch of one worker, for a miniature cache. */
export class LocalSketch extends Frequencies {
  private readonly pages: u32;
  private readonly data: StaticArray<u8>;
  private epoch: u32 = 0;
  private seen: u32 = 0;

  /** `counters`: of all pages. `period`: requests after which counts are halved. */
  constructor(
    counters: u32,
    private readonly period: u32,
  ) {
    super();
    const pages = max<u32>(1, (counters + PAGE_COUNTERS - 1) / PAGE_COUNTERS);
    this.pages = pages;
    this.data = new StaticArray<u8>(<i32>pages * PAGE_BYTES);
  }

  record(key: u64): i32 {
    const page = this.pageOf(key);
    agePage(page, this.epoch);
    const count = raiseIn(page, key);
    if (++this.seen >= this.period) {
      this.seen = 0;
      this.epoch++;
    }
    return count < 0 ? MOST : count;
  }

  count(key: u64): i32 {
    const page = this.pageOf(key);
    agePage(page, this.epoch);
    return countIn(page, key);
  }

  private pageOf(key: u64): usize {
    const page = <u32>(key >> 32) % this.pages;
    return changetype<usize>(this.data) + <usize>page * <usize>PAGE_BYTES;
  }
}

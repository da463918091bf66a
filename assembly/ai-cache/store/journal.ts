import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "../policy/numbered-key";

const PAGE_NUMBERS: u64 = 64;
/** Number of the page's first entry u64 · 64 slots u32, each plus one. */
const PAGE_BYTES: i32 = 8 + 64 * 4;
const TRIES: i32 = 16;

/** Records the slot of each of the latest numbers, for workers that follow. */
export class Journal {
  private readonly key: NumberedKey;
  private pages: u32 = 1;
  /** The page that was read last, and its first number. */
  private page: Bytes = Bytes.empty();
  private base: u64 = u64.MAX_VALUE;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    this.key = new NumberedKey(prefix + "j");
  }

  /** Most numbers that it remembers. */
  get length(): u64 {
    return <u64>this.pages * PAGE_NUMBERS;
  }

  resize(pages: u32): void {
    if (pages == this.pages) return;
    this.pages = max<u32>(1, pages);
    this.base = u64.MAX_VALUE;
  }

  /** Discards the cached page, so that the next read is fresh. */
  refresh(): void {
    this.base = u64.MAX_VALUE;
  }

  /** The slot of a number, −1 if unknown, or not yet written. */
  slotOf(number: u64): i32 {
    const base = number & ~(PAGE_NUMBERS - 1);
    if (base != this.base) {
      const value = getShared(this.key.at(this.pageOf(number)));
      if (!isPage(value === null ? Bytes.empty() : value.data, base)) return -1;
      if (value !== null) this.page = value.data;
      this.base = base;
    }
    return <i32>load<u32>(this.page.pointer + place(number)) - 1;
  }

  /** Records the slot of a number. False when other workers kept changing the page. */
  write(number: u64, slot: u32): bool {
    const base = number & ~(PAGE_NUMBERS - 1);
    const key = this.pageOf(number);
    for (let i = 0; i < TRIES; i++) {
      const value = getShared(this.key.at(key));
      let page = value === null ? Bytes.empty() : value.data;
      if (!isPage(page, base)) {
        // The journal has wrapped around meanwhile.
        if (page.length == PAGE_BYTES && load<u64>(page.pointer) > base) return false;
        page = Bytes.wrap(new ArrayBuffer(PAGE_BYTES));
        store<u64>(page.pointer, base);
      }
      store<u32>(page.pointer + place(number), slot + 1);
      if (value === null) {
        // Nobody can write a new key conditionally: the loop looks whether it was kept.
        setShared(this.key.at(key), page);
        this.base = u64.MAX_VALUE;
        if (this.slotOf(number) == <i32>slot) return true;
        continue;
      }
      if (!setSharedIf(this.key.at(key), page, value.cas)) continue;
      this.page = page;
      this.base = base;
      return true;
    }
    return false;
  }

  private pageOf(number: u64): u32 {
    return <u32>((number / PAGE_NUMBERS) % <u64>this.pages);
  }
}

function isPage(data: Bytes, base: u64): bool {
  return data.length == PAGE_BYTES && load<u64>(data.pointer) == base;
}

function place(number: u64): usize {
  return 8 + ((<usize>(number & (PAGE_NUMBERS - 1))) << 2);
}

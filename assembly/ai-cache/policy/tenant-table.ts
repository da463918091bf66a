/** Number of tenant counters; further tenants share them. */
export const DEFAULT_TENANTS: i32 = 4096;

/**
 * What each tenant has in the store, as seen by one worker. The table is bounded: two tenants in one slot
 * count as one, which can only reduce their share.
 */
export class TenantTable {
  private readonly bytes: StaticArray<u64>;
  private readonly entries: StaticArray<u32>;
  /** Number of tenants with entries. */
  count: i32 = 0;

  /** `places`: a power of two. */
  constructor(places: i32) {
    this.bytes = new StaticArray<u64>(places);
    this.entries = new StaticArray<u32>(places);
  }

  clear(): void {
    this.bytes.fill(0);
    this.entries.fill(0);
    this.count = 0;
  }

  add(tenant: u32, size: u32): void {
    const at = this.place(tenant);
    if (unchecked(this.entries[at]) == 0) this.count++;
    unchecked(this.entries[at]++);
    unchecked((this.bytes[at] += <u64>size));
  }

  remove(tenant: u32, size: u32): void {
    const at = this.place(tenant);
    if (unchecked(this.entries[at]) == 0) return;
    unchecked(this.entries[at]--);
    unchecked((this.bytes[at] -= min(<u64>size, unchecked(this.bytes[at]))));
    if (unchecked(this.entries[at]) == 0) {
      unchecked((this.bytes[at] = 0));
      this.count--;
    }
  }

  bytesOf(tenant: u32): u64 {
    return unchecked(this.bytes[this.place(tenant)]);
  }

  entriesOf(tenant: u32): u32 {
    return unchecked(this.entries[this.place(tenant)]);
  }

  /** Whether two tenants count as one. */
  isSame(one: u32, other: u32): bool {
    return this.place(one) == this.place(other);
  }

  private place(tenant: u32): i32 {
    return (<i32>((tenant * 0x9e3779b1) >> 16)) & (this.bytes.length - 1);
  }
}

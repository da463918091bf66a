/** Largest small body in bytes; part of each budget is reserved for small bodies. */
const SMALL_BODY: i64 = 65_536;
/** The reserve for small bodies is one part in this many of a budget. */
const RESERVE: i64 = 8;

/**
 * A budget for the bytes that all streams of a VM hold. It is counted explicitly, because running out of
 * memory kills the VM. No client can use all of it: a holder (`ByteShare`) of more than `SMALL_BODY` gets
 * at most half of what is free, an eighth is for small ones, and a tenant gets at most half.
 */
export class ByteBudget {
  private used: i64 = 0;
  private readonly ofTenant: Map<u64, i64> = new Map();

  /** `limit`: bytes. */
  constructor(private limit: i64) {}

  /** Changes the limit; what is held already stays. */
  setLimit(limit: i64): void {
    this.limit = limit;
  }

  /** Bytes held now. */
  get inUse(): i64 {
    return this.used;
  }

  /** The most that one holder can get: everything but the reserve, as long as the others hold little. */
  get most(): i64 {
    return max(this.limit - this.limit / RESERVE, min(this.limit, SMALL_BODY));
  }

  /** For `ByteShare`: whether one that holds `held` bytes may hold `bytes` more. */
  hasRoom(held: i64, bytes: i64, tenant: u64): bool {
    if (this.used + bytes > this.limit) return false;
    if (tenant != 0 && this.heldBy(tenant) + bytes > this.limit >> 1) return false;
    const total = held + bytes;
    if (total <= SMALL_BODY) return true;
    const others = this.used - held;
    const shared = this.limit - this.limit / RESERVE;
    // The only large one need not leave anything to another large one.
    return total <= (others <= this.limit / RESERVE ? shared : (shared - others) >> 1);
  }

  /** For `ByteShare`: counts `bytes` more, or fewer. */
  change(bytes: i64, tenant: u64): void {
    this.used = max<i64>(0, this.used + bytes);
    if (tenant == 0) return;
    const left = this.heldBy(tenant) + bytes;
    if (left > 0) this.ofTenant.set(tenant, left);
    else this.ofTenant.delete(tenant);
  }

  private heldBy(tenant: u64): i64 {
    return this.ofTenant.has(tenant) ? this.ofTenant.get(tenant) : 0;
  }
}

/** What one stream holds of a budget for one purpose. */
export class ByteShare {
  private held: i64 = 0;

  /** `tenant`: a number for whom the stream is, 0 where tenants are not distinguished. */
  constructor(
    private readonly budget: ByteBudget,
    private readonly tenant: u64 = 0,
  ) {}

  /** Whether `bytes` more could be held. */
  fits(bytes: i64): bool {
    return this.budget.hasRoom(this.held, bytes, this.tenant);
  }

  /** Holds `bytes` more; false when there is no room, and then nothing has changed. */
  take(bytes: i64): bool {
    if (!this.fits(bytes)) return false;
    this.add(bytes);
    return true;
  }

  /** Holds `bytes` in all, of which what is more than before may find no room. */
  resize(bytes: i64): bool {
    if (bytes > this.held) return this.take(bytes - this.held);
    this.add(bytes - this.held);
    return true;
  }

  /** Gives everything back. Can be called again. */
  release(): void {
    this.add(-this.held);
  }

  private add(bytes: i64): void {
    this.held += bytes;
    if (bytes != 0) this.budget.change(bytes, this.tenant);
  }
}

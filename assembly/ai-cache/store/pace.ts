/** Most hits within one second that are served without reading other workers' changes. */
const MOST: u32 = 64;

/**
 * Decides when a worker reads other workers' changes to the store. A hit does not need to: a replaced or
 * evicted entry is overwritten or empty, and a record contains its key. Only if two workers cache one key
 * at the same moment both stay, and the later one is found a second later.
 */
export class Pace {
  /** When it last read changes, in seconds. */
  private at: u64 = 0;
  private hits: u32 = 0;

  /** Whether a hit may be served without reading changes. */
  mayWait(now: u64): bool {
    return now == this.at && this.hits < MOST;
  }

  /** A hit was served without reading changes. */
  wait(): void {
    this.hits++;
  }

  /** Changes are read now. */
  look(now: u64): void {
    this.at = now;
    this.hits = 0;
  }
}

/** Hits that are served without a look at what other workers have done, within one second. */
const MOST: u32 = 64;

/**
 * When a worker looks what others have done to the store. A hit need not: what takes an entry's place is written over
 * it or leaves it empty, and a record says whose it is. Only where two workers have stored one key at the same moment
 * both stay, and the later counts: it is found a second later.
 */
export class Pace {
  /** When it last looked, in seconds. */
  private at: u64 = 0;
  private hits: u32 = 0;

  /** Whether a hit may be served without a look. */
  mayWait(now: u64): bool {
    return now == this.at && this.hits < MOST;
  }

  /** A hit was served without a look. */
  wait(): void {
    this.hits++;
  }

  /** It looks now. */
  look(now: u64): void {
    this.at = now;
    this.hits = 0;
  }
}

/** Consecutive failures that open the breaker. */
const FAILURES: i32 = 3;
const FIRST_PAUSE_MS: u64 = 1_000;
const MAX_PAUSE_MS: u64 = 60_000;

/**
 * Keeps a failing service out of the way of requests: after a timeout, or three failures in a row, nothing
 * is asked for a while, which doubles as long as the service stays bad. Then one request tries it.
 */
export class Breaker {
  private failures: i32 = 0;
  private pauseMs: u64 = 0;
  private openUntil: u64 = 0;
  private probing: bool = false;

  /** Whether the service may not be called at `now` (ms). */
  isOpen(now: u64): bool {
    return this.pauseMs > 0 && (now < this.openUntil || this.probing);
  }

  /** Whether the service may be called at `now` (ms). The caller must report the result. */
  allows(now: u64): bool {
    if (this.isOpen(now)) return false;
    this.probing = this.pauseMs > 0;
    return true;
  }

  /** The service answered properly. */
  succeed(): void {
    this.failures = 0;
    this.pauseMs = 0;
    this.probing = false;
  }

  /**
   * The service failed. `isSlow`: it cost a timeout, which must not happen to the next request too. Returns
   * whether the breaker opened.
   */
  fail(now: u64, isSlow: bool): bool {
    this.failures++;
    const reopens = this.probing;
    this.probing = false;
    if (!isSlow && !reopens && this.failures < FAILURES) return false;
    const wasOpen = this.pauseMs > 0;
    if (wasOpen && !reopens) return false;
    this.pauseMs = wasOpen ? min(this.pauseMs * 2, MAX_PAUSE_MS) : FIRST_PAUSE_MS;
    this.openUntil = now + this.pauseMs;
    return !wasOpen;
  }
}

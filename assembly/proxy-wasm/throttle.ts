import { nowSeconds } from "./clock";

/** Limits the rate of one kind of event, so that a fault of every request does not flood the log. */
export class Throttle {
  private next: u64 = 0;

  /** `seconds`: least time between events. */
  constructor(private readonly seconds: u64) {}

  /** Whether this event is let through. */
  pass(): bool {
    const now = nowSeconds();
    if (now < this.next) return false;
    this.next = now + this.seconds;
    return true;
  }
}

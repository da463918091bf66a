import { nowSeconds } from "./clock";

/** Lets one event of a kind through in a while, so that a fault of every request fills no log. */
export class Throttle {
  private next: u64 = 0;

  /** `seconds`: how long nothing passes after what has passed. */
  constructor(private readonly seconds: u64) {}

  /** Whether this one passes. */
  pass(): bool {
    const now = nowSeconds();
    if (now < this.next) return false;
    this.next = now + this.seconds;
    return true;
  }
}

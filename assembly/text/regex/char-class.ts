const LAST: i32 = 0x10ffff;
const CASE_BIT: i32 = 0x20;

/** A set of code points, as ranges. */
export class CharClass {
  private readonly firsts: i32[] = [];
  private readonly lasts: i32[] = [];
  private negated: bool = false;

  /** Adds the range from `first` to `last`, inclusive. */
  add(first: i32, last: i32): void {
    this.firsts.push(first);
    this.lasts.push(last);
  }

  /** Adds all of `other`. */
  addAll(other: CharClass): void {
    if (other.negated) {
      other.addComplementTo(this);
      return;
    }
    for (let i = 0; i < other.firsts.length; i++) this.add(other.firsts[i], other.lasts[i]);
  }

  /** Turns the set into its complement. */
  negate(): void {
    this.negated = !this.negated;
  }

  /** Adds the other case of every ASCII letter in it. Before `negate`. */
  foldCase(): void {
    const count = this.firsts.length;
    for (let i = 0; i < count; i++) {
      this.addOtherCase(this.firsts[i], this.lasts[i], 0x41, 0x5a);
      this.addOtherCase(this.firsts[i], this.lasts[i], 0x61, 0x7a);
    }
  }

  has(code: i32): bool {
    for (let i = 0; i < this.firsts.length; i++) {
      if (code >= this.firsts[i] && code <= this.lasts[i]) return !this.negated;
    }
    return this.negated;
  }

  private addOtherCase(first: i32, last: i32, from: i32, to: i32): void {
    const low = max(first, from);
    const high = min(last, to);
    if (low <= high) this.add(low ^ CASE_BIT, high ^ CASE_BIT);
  }

  /** Collects the gaps between the ranges. */
  private addComplementTo(target: CharClass): void {
    let from = 0;
    while (from <= LAST) {
      let next = LAST + 1;
      let covered = false;
      for (let i = 0; i < this.firsts.length; i++) {
        if (this.firsts[i] <= from && from <= this.lasts[i]) {
          from = this.lasts[i] + 1;
          covered = true;
          break;
        }
        if (this.firsts[i] > from) next = min(next, this.firsts[i]);
      }
      if (covered) continue;
      target.add(from, next - 1);
      from = next;
    }
  }
}

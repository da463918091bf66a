/**
 * Whether the items of one question are in another order than those of the other, other than around 与 or 或,
 * a time that moved, or an object at the beginning: 发票怎么开, 怎么开发票.
 */
import { MAX_TOKENS, Question } from "../question/question";
import * as data from "../tables/data";
import { Trait } from "./asked";
import { leftCharacters } from "./left";
import { isAsked, itemAt } from "./parse";
import { StaticStrings } from "./scan";

const AND: u32 = 0x4e0e;
const OR: u32 = 0x6216;

/** The items of a side without those left over. */
class Sequence {
  private readonly items: StaticArray<u32> = new StaticArray<u32>(MAX_TOKENS);
  private readonly asked: StaticArray<u8> = new StaticArray<u8>(MAX_TOKENS);
  private readonly left: StaticArray<u32> = new StaticArray<u32>(MAX_TOKENS);
  count: i32 = 0;

  /** Reads a side; `left` of its characters are unmatched, the first of equal ones. */
  read(q: Question, side: i32, left: i32): void {
    let open = left;
    for (let i = 0; i < left; i++) unchecked((this.left[i] = leftCharacters[side][i]));
    this.count = 0;
    for (let i = 0; i < <i32>q.tokenCount; i++) {
      const item = itemAt(q, i);
      let at = 0;
      while (at < open && unchecked(this.left[at]) != item) at++;
      if (at < open) {
        unchecked((this.left[at] = this.left[--open]));
        continue;
      }
      unchecked((this.items[this.count] = item));
      unchecked((this.asked[this.count++] = isAsked(q, i) ? 1 : 0));
    }
  }

  at(index: i32): u32 {
    return <u32>index < <u32>this.count ? unchecked(this.items[index]) : 0;
  }

  isAskedAt(index: i32): bool {
    return <u32>index < <u32>this.count && unchecked(this.asked[index]) != 0;
  }

  /** Whether the range is a time. */
  isTime(from: i32, to: i32): bool {
    const time = new StaticStrings(data.ZH_TIMES);
    for (let i = 0; i < data.ZH_TIMES_COUNT; i++) {
      if (time.length == to - from && this.has(from, time.pointer, time.length)) return true;
      time.next();
    }
    return false;
  }

  private has(from: i32, text: usize, length: i32): bool {
    for (let i = 0; i < length; i++) {
      if (this.at(from + i) != <u32>load<u16>(text + ((<usize>i) << 1))) return false;
    }
    return true;
  }
}

const x: Sequence = new Sequence();
const y: Sequence = new Sequence();

/** `leftA`, `leftB`: how many characters of each side are left over. */
export function isMoved(a: Question, b: Question, leftA: i32, leftB: i32): bool {
  x.read(a, 0, leftA);
  y.read(b, 1, leftB);
  if (x.count != y.count) return false;
  let first = 0;
  let end = x.count;
  while (first < end && x.at(first) == y.at(first)) first++;
  while (end > first && x.at(end - 1) == y.at(end - 1)) end--;
  if (first == end) return false;
  const isJoint = ((a.moods | b.moods) & Trait.Willing) == 0;
  for (let k = first + 1; k < end; k++) {
    if (isExplained(first, k, end, isJoint)) return false;
  }
  return true;
}

/**
 * Whether exchanging the blocks `[first, k)` and `[k, end)` does not change the meaning. `isJoint`: whether what stands
 * around 与 does the same.
 */
function isExplained(first: i32, k: i32, end: i32, isJoint: bool): bool {
  const middle = x.at(k);
  if (((middle == AND && isJoint) || middle == OR) && isJoined(first, k, end)) return true;
  const back = end - k;
  if (!sameRun(k, first, back) || !sameRun(first, first + back, k - first)) return false;
  if (x.isTime(first, k) || x.isTime(k, end)) return true;
  if (first > 0) return false;
  return (x.isAskedAt(k) && y.isAskedAt(0)) || (x.isAskedAt(0) && y.isAskedAt(back));
}

/** X 与 Y, Y 与 X. */
function isJoined(first: i32, k: i32, end: i32): bool {
  const back = end - k - 1;
  if (back == 0) return false;
  if (!sameRun(k + 1, first, back) || y.at(first + back) != x.at(k)) return false;
  return sameRun(first, first + back + 1, k - first);
}

/** Whether `count` items from `from` on of the first side are at `at` of the second. */
function sameRun(from: i32, at: i32, count: i32): bool {
  for (let i = 0; i < count; i++) {
    if (x.at(from + i) != y.at(at + i)) return false;
  }
  return true;
}

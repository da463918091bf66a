import { MAX_TOKENS, Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, WordFlag } from "../words/dictionary";
import { Alignment } from "./align";

/** A direction word relates the next word with this many words before it. */
const REACH: i32 = 3;
const MAX_RELATIONS: i32 = REACH * MAX_TOKENS;
/** What is between two content words. */
const GAP_ANY: u8 = 1;
const GAP_SYMMETRIC: u8 = 2;
const GAP_OWNER: u8 = 4;

/** Words around the direction words of a question. */
class Relations {
  readonly left: StaticArray<i32> = new StaticArray<i32>(MAX_RELATIONS);
  readonly right: StaticArray<i32> = new StaticArray<i32>(MAX_RELATIONS);
  readonly direction: StaticArray<i32> = new StaticArray<i32>(MAX_RELATIONS);
  count: i32 = 0;

  add(left: i32, direction: i32, right: i32): void {
    if (this.count >= MAX_RELATIONS) return;
    unchecked((this.left[this.count] = left));
    unchecked((this.direction[this.count] = direction));
    unchecked((this.right[this.count++] = right));
  }

  has(left: i32, right: i32): bool {
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.left[i]) == left && unchecked(this.right[i]) == right) return true;
    }
    return false;
  }

  /** Whether `right` follows "from". */
  hasSource(right: i32): bool {
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.right[i]) == right && this.isFrom(i)) return true;
    }
    return false;
  }

  /** Whether `right` follows "to" or "into". */
  hasTarget(right: i32): bool {
    for (let i = 0; i < this.count; i++) {
      const word = unchecked(this.direction[i]);
      const isTarget = word == <i32>data.WORD_TO || word == <i32>data.WORD_INTO;
      if (isTarget && unchecked(this.right[i]) == right) return true;
    }
    return false;
  }

  /** Whether a source of this side is a target, and no source, of the other. */
  hasSourceThatIsTarget(other: Relations): bool {
    for (let i = 0; i < this.count; i++) {
      if (!this.isFrom(i)) continue;
      const right = unchecked(this.right[i]);
      if (other.hasTarget(right) && !other.hasSource(right)) return true;
    }
    return false;
  }

  private isFrom(index: i32): bool {
    return unchecked(this.direction[index]) == <i32>data.WORD_FROM;
  }
}

/** Consecutive words, and what precedes each. */
class Sequence {
  readonly symbols: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  readonly gaps: StaticArray<u8> = new StaticArray<u8>(MAX_TOKENS);
  count: i32 = 0;

  add(symbol: i32, gap: u8): void {
    if (this.count >= MAX_TOKENS) return;
    unchecked((this.symbols[this.count] = symbol));
    unchecked((this.gaps[this.count++] = gap));
  }
}

/** The guard of order: the same words, but two of them have changed places. */
export class OrderGuard {
  private readonly relationsA: Relations = new Relations();
  private readonly relationsB: Relations = new Relations();
  private readonly sequenceA: Sequence = new Sequence();
  private readonly sequenceB: Sequence = new Sequence();
  private readonly differing: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);

  constructor(private readonly alignment: Alignment) {}

  /**
   * Whether things changed places around a direction word, or as subject and object. Light words
   * take no part, and once more those of both sides do: "from the airport to the city".
   */
  fires(): bool {
    return this.differs(false) || this.differs(true);
  }

  private differs(sharedLightCounts: bool): bool {
    const a = this.alignment.a;
    const b = this.alignment.b;
    this.relate(a, true, sharedLightCounts, this.relationsA);
    this.relate(b, false, sharedLightCounts, this.relationsB);
    const ra = this.relationsA;
    const rb = this.relationsB;
    for (let i = 0; i < ra.count; i++) {
      const left = unchecked(ra.left[i]);
      const right = unchecked(ra.right[i]);
      if (rb.has(right, left) && !rb.has(left, right)) return true;
    }
    this.read(a, true, sharedLightCounts, this.sequenceA);
    this.read(b, false, sharedLightCounts, this.sequenceB);
    if (this.isTransposed()) return true;
    return ra.hasSourceThatIsTarget(rb) || rb.hasSourceThatIsTarget(ra);
  }

  private isLight(symbol: i32, sharedCounts: bool): bool {
    if (!hasFlag(this.alignment.wordOf(symbol), WordFlag.Light)) return false;
    return !sharedCounts || !this.alignment.isShared(symbol);
  }

  private isDirection(symbol: i32): bool {
    return hasFlag(this.alignment.wordOf(symbol), WordFlag.Direction);
  }

  /** Finds the relations of a side. Words of the first side are taken as what they are paired with. */
  private relate(q: Question, isFirst: bool, sharedLightCounts: bool, out: Relations): void {
    const kept = this.sequenceA;
    kept.count = 0;
    for (let i = 0; i < <i32>q.tokenCount; i++) {
      const token = tokenOf(q, i);
      if ((token.flags & TokenFlag.Frame) != 0) continue;
      const symbol = <i32>token.symbol;
      if (this.isDirection(symbol)) {
        kept.add(symbol, 0);
        continue;
      }
      if (hasFlag(<i32>token.word, WordFlag.Stop)) continue;
      if (this.isLight(symbol, sharedLightCounts)) continue;
      kept.add(isFirst ? this.alignment.paired(symbol) : symbol, 0);
    }
    out.count = 0;
    for (let i = 0; i + 1 < kept.count; i++) {
      const right = unchecked(kept.symbols[i + 1]);
      const symbol = unchecked(kept.symbols[i]);
      if (!this.isDirection(symbol) || this.isDirection(right)) continue;
      for (let j = max(0, i - REACH); j < i; j++) {
        const left = unchecked(kept.symbols[j]);
        if (!this.isDirection(left)) out.add(left, this.alignment.wordOf(symbol), right);
      }
    }
  }

  /** Content words in order, and whether function words are between them and the ones before. */
  private read(q: Question, isFirst: bool, sharedLightCounts: bool, out: Sequence): void {
    out.count = 0;
    let gap: u8 = 0;
    for (let i = 0; i < <i32>q.tokenCount; i++) {
      const token = tokenOf(q, i);
      const symbol = <i32>token.symbol;
      if ((token.flags & TokenFlag.Frame) != 0) {
        gap = 0;
        continue;
      }
      const word = <i32>token.word;
      const isFunction =
        hasFlag(word, WordFlag.Stop | WordFlag.Symmetric) ||
        this.isLight(symbol, sharedLightCounts);
      if ((token.flags & TokenFlag.Name) == 0 && isFunction) {
        gap |= GAP_ANY;
        if (hasFlag(word, WordFlag.Symmetric)) gap |= GAP_SYMMETRIC;
        continue;
      }
      out.add(isFirst ? this.alignment.paired(symbol) : symbol, gap);
      gap = (token.flags & TokenFlag.Owner) != 0 ? GAP_OWNER : 0;
    }
  }

  /** Whether two blocks are exchanged, not merely around "and", "or", "vs", "between". */
  private isTransposed(): bool {
    const a = this.sequenceA;
    const b = this.sequenceB;
    if (a.count != b.count) return false;
    let count = 0;
    for (let i = 0; i < a.count; i++) {
      if (unchecked(a.symbols[i]) != unchecked(b.symbols[i])) {
        unchecked((this.differing[count++] = i));
      }
    }
    const half = count >> 1;
    if (count < 2 || (count & 1) != 0) return false;
    for (let i = 0; i < half; i++) {
      const early = unchecked(this.differing[i]);
      const late = unchecked(this.differing[half + i]);
      if (unchecked(a.symbols[early]) != unchecked(b.symbols[late])) return false;
      if (unchecked(a.symbols[late]) != unchecked(b.symbols[early])) return false;
    }
    const second = unchecked(this.differing[half]);
    if (second > unchecked(this.differing[half - 1]) + 1) return true;
    let gapA = unchecked(a.gaps[second]);
    let gapB = unchecked(b.gaps[second]);
    // "my wife's boss", "my boss's wife".
    if ((gapA & gapB & GAP_OWNER) != 0) return true;
    gapA &= ~GAP_OWNER;
    gapB &= ~GAP_OWNER;
    if ((gapA & gapB & GAP_SYMMETRIC) != 0) return false;
    return gapA != 0 && gapB != 0;
  }
}

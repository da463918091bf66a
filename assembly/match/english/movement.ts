/**
 * Whether the words of one question are in another order than the grammar explains. Two blocks may
 * change places around "and"; around "of" where the other side has none; a phrase may stand at the
 * beginning or at the end; a verb comes before its object or, in the passive, after it.
 */
import { MAX_TOKENS, Question, Token, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, UNKNOWN, WordFlag } from "../words/dictionary";
import { Alignment } from "./align";

/** Most words on each side of "of". */
const MAX_OWNED: i32 = 3;
/** Most words of what is said of an action: "is it good for health to …". */
const MAX_STATED: i32 = 3;

/** What is between two paired words: function words, frames and marks. */
class Gap {
  private owner: bool = false;
  hasFrame: bool = false;
  hasMark: bool = false;
  hasIt: bool = false;
  /** Number of words, and of those other than determiners. */
  words: i32 = 0;
  bare: i32 = 0;
  private symmetric: i32 = 0;
  /** The first word other than a determiner, and the last word. */
  private firstBare: i32 = UNKNOWN;
  last: i32 = UNKNOWN;

  /** Reads what is before token `place`, after the last one of `places`. */
  read(q: Question, places: StaticArray<u8>, place: i32): void {
    this.hasFrame = false;
    this.hasIt = false;
    this.words = 0;
    this.bare = 0;
    this.symmetric = 0;
    this.firstBare = UNKNOWN;
    this.last = UNKNOWN;
    let start = place;
    while (start > 0 && unchecked(places[start - 1]) == 0) start--;
    this.owner = start > 0 && (tokenOf(q, start - 1).flags & TokenFlag.Owner) != 0;
    this.hasMark = (tokenOf(q, place).flags & TokenFlag.Mark) != 0;
    for (let i = start; i < place; i++) this.add(tokenOf(q, i));
  }

  private add(token: Token): void {
    if ((token.flags & TokenFlag.Mark) != 0) this.hasMark = true;
    if ((token.flags & TokenFlag.Frame) != 0) {
      this.hasFrame = true;
      return;
    }
    const word = <i32>token.word;
    this.words++;
    this.last = word;
    if (word == <i32>data.WORD_IT) this.hasIt = true;
    if (hasFlag(word, WordFlag.Determiner)) return;
    if (this.bare++ == 0) this.firstBare = word;
    if (hasFlag(word, WordFlag.Symmetric)) this.symmetric++;
  }

  /** Only "and", "or", "vs", or a comma. */
  get joins(): bool {
    if (this.owner || this.hasFrame || this.symmetric < this.bare) return false;
    return this.bare > 0 || this.hasMark;
  }

  /** "of" or its like, alone: "topics for discussion", "discussion topics". */
  get relates(): bool {
    if (this.bare != 1 || this.hasFrame || this.hasMark) return false;
    return hasFlag(this.firstBare, WordFlag.Compounding);
  }

  /** Nothing but determiners. */
  get isPlain(): bool {
    return this.bare == 0 && !this.hasFrame && !this.hasMark;
  }

  get isTight(): bool {
    return this.words == 0 && !this.hasFrame && !this.hasMark;
  }

  /** The preposition or conjunction that begins a phrase, or `UNKNOWN`. */
  get leader(): i32 {
    return hasFlag(this.firstBare, WordFlag.Leading) ? this.firstBare : UNKNOWN;
  }

  /** Whether it is the word `word` and no other, determiners apart. */
  isOnly(word: i32): bool {
    return this.bare == 1 && this.firstBare == word;
  }
}

/** The guard of words that changed places. */
export class Movement {
  private a: Question = changetype<Question>(0);
  private b: Question = changetype<Question>(0);
  /** Tokens of each side that take part. */
  private readonly inA: StaticArray<u8> = new StaticArray<u8>(MAX_TOKENS);
  private readonly inB: StaticArray<u8> = new StaticArray<u8>(MAX_TOKENS);
  /** In the order of the first side: its token, and the one of the second. */
  private readonly placeA: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly placeB: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly rank: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  /** For each token of the second side how many participants precede it. */
  private readonly before: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private count: i32 = 0;
  private readonly gapA: Gap = new Gap();
  private readonly gapB: Gap = new Gap();
  private readonly leadA: Gap = new Gap();
  private readonly leadB: Gap = new Gap();
  private readonly after: Gap = new Gap();

  constructor(private readonly alignment: Alignment) {}

  fires(): bool {
    this.a = this.alignment.a;
    this.b = this.alignment.b;
    this.collect();
    const n = this.count;
    let first = 0;
    while (first < n && this.rankAt(first) == first) first++;
    if (first == n) return agentDiffers(this.a, this.b);
    let end = n;
    while (end > first && this.rankAt(end - 1) == end - 1) end--;
    if (this.isTurned(first, end, true) || this.isTurned(first, end, false)) return false;
    // a = P X Y S, b = P Y X S
    let size = 0;
    while (first + size < end && this.rankAt(first + size) != first) size++;
    const length = end - first;
    for (let i = 0; i < length; i++) {
      if (this.rankAt(first + ((i + size) % length)) != first + i) return true;
    }
    return !this.isExplained(first, size, end);
  }

  private isExplained(first: i32, size: i32, end: i32): bool {
    const x = unchecked(this.placeA[first]);
    const y = unchecked(this.placeA[first + size]);
    const otherX = unchecked(this.placeB[first]);
    const otherY = unchecked(this.placeB[first + size]);
    this.gapA.read(this.a, this.inA, y);
    this.gapB.read(this.b, this.inB, otherX);
    this.leadA.read(this.a, this.inA, x);
    this.leadB.read(this.b, this.inB, otherY);
    const gapA = this.gapA;
    const gapB = this.gapB;
    if (gapA.joins && gapB.joins) return true;
    const sizeY = end - first - size;
    if (max(size, sizeY) <= MAX_OWNED && this.endsAt(end)) {
      if (gapA.relates && gapB.isTight) return true;
      if (gapB.relates && gapA.isTight) return true;
    }
    if (gapA.isPlain && gapB.isPlain) {
      if (size == 1 && sizeY <= MAX_OWNED && isVerbParticle(this.a, x)) return true;
      if (sizeY == 1 && size <= MAX_OWNED && isVerbParticle(this.a, y)) return true;
    }
    if (first == 0 && end == this.count) {
      if (isFronted(gapA, gapB, this.leadA) || isFronted(gapB, gapA, this.leadB)) return true;
    }
    const last = unchecked(this.placeA[first + size - 1]);
    const otherLast = unchecked(this.placeB[end - 1]);
    if (isVerb(this.a, last, size) && isPassive(this.a, this.b, x, otherX, this.leadA)) return true;
    if (isVerb(this.b, otherLast, sizeY) && isPassive(this.b, this.a, otherY, y, this.leadB)) {
      return true;
    }
    if (first != 0) return false;
    return (
      (size <= MAX_STATED && isDummy(this.b, otherY, gapA, this.leadA)) ||
      (sizeY <= MAX_STATED && isDummy(this.a, x, gapB, this.leadB))
    );
  }

  /**
   * Whether something ends in front of pair `end` on both sides: "live in a non-Muslim country" is not
   * "non live … in a Muslim country".
   */
  private endsAt(end: i32): bool {
    if (end == this.count) return true;
    this.after.read(this.a, this.inA, unchecked(this.placeA[end]));
    if (this.after.isTight) return false;
    this.after.read(this.b, this.inB, unchecked(this.placeB[end]));
    return !this.after.isTight;
  }

  /**
   * "Does the warranty cover the damage", "is the damage covered by the warranty": subject, verb and
   * object turned round. `forward`: the first side is the active one.
   */
  private isTurned(first: i32, end: i32, forward: bool): bool {
    const length = end - first;
    // How many come after the verb on the active side.
    const objects = (forward ? this.rankAt(first) : this.indexOf(first, end)) - first - 1;
    const subjects = length - 1 - objects;
    if (objects < 1 || subjects < 1) return false;
    const early = forward ? subjects : objects;
    const late = forward ? objects : subjects;
    for (let i = 0; i < length; i++) {
      const rank = i < early ? late + 1 + i : i == early ? late : i - early - 1;
      if (this.rankAt(first + i) != first + rank) return false;
    }
    const active = forward ? this.a : this.b;
    const passive = forward ? this.b : this.a;
    const verb = first + (forward ? subjects : objects);
    const place = unchecked((forward ? this.placeB : this.placeA)[verb]);
    if ((tokenOf(passive, place).flags & TokenFlag.PastForm) == 0) return false;
    if (!passive.hasBe || active.hasBe) return false;
    // The agent begins the last block of the passive side.
    const agent = forward ? unchecked(this.placeB[first]) : unchecked(this.placeA[verb + 1]);
    const gap = this.gapA;
    gap.read(passive, forward ? this.inB : this.inA, agent);
    return gap.isOnly(<i32>data.WORD_BY) && !gap.hasFrame;
  }

  /** Index of what the second side has first in the range. */
  private indexOf(first: i32, end: i32): i32 {
    let index = first;
    while (index + 1 < end && this.rankAt(index) != first) index++;
    return index;
  }

  private rankAt(index: i32): i32 {
    return unchecked(this.rank[index]);
  }

  /** Finds the pairs, those of equal values too, in the order of the first side. */
  private collect(): void {
    memory.fill(changetype<usize>(this.inA), 0, <usize>MAX_TOKENS);
    memory.fill(changetype<usize>(this.inB), 0, <usize>MAX_TOKENS);
    this.count = 0;
    for (let i = 0; i < <i32>this.a.tokenCount; i++) {
      let other = this.alignment.pairAt(i);
      if (other < 0) other = this.valueFor(tokenOf(this.a, i));
      if (other < 0) continue;
      unchecked((this.inA[i] = 1));
      unchecked((this.inB[other] = 1));
      unchecked((this.placeA[this.count] = i));
      unchecked((this.placeB[this.count++] = other));
    }
    let before = 0;
    for (let j = 0; j < <i32>this.b.tokenCount; j++) {
      unchecked((this.before[j] = before));
      if (unchecked(this.inB[j]) != 0) before++;
    }
    for (let i = 0; i < this.count; i++) {
      unchecked((this.rank[i] = this.before[unchecked(this.placeB[i])]));
    }
  }

  /** The first token of the second side that is the same value and not taken, or −1. */
  private valueFor(token: Token): i32 {
    if ((token.flags & TokenFlag.Value) == 0) return -1;
    for (let j = 0; j < <i32>this.b.tokenCount; j++) {
      const other = tokenOf(this.b, j);
      if ((other.flags & TokenFlag.Value) == 0 || other.stemHash != token.stemHash) continue;
      if (unchecked(this.inB[j]) == 0) return j;
    }
    return -1;
  }
}

/**
 * "In Excel, how do I …", "how do I … in Excel": X comes before a frame or mark, led by the same
 * word or by none, and after Y led by a preposition.
 */
function isFronted(front: Gap, after: Gap, lead: Gap): bool {
  const word = after.leader;
  if (word == UNKNOWN || after.hasFrame) return false;
  if (!front.hasFrame && !front.hasMark) return false;
  return lead.leader == word || lead.bare == 0;
}

/**
 * "Who built the wall", "the wall was built by whom": the verb comes before its object on the
 * active side, and as a past form after it on the passive one.
 */
function isPassive(active: Question, passive: Question, at: i32, other: i32, lead: Gap): bool {
  if (!passive.hasBe || active.hasBe) return false;
  if ((tokenOf(passive, other).flags & TokenFlag.PastForm) == 0) return false;
  if ((tokenOf(active, at).flags & TokenFlag.Gerund) != 0) return false;
  // The subject: a pronoun, or nothing that counts.
  if (lead.words == 0 || lead.hasFrame || hasFlag(lead.last, WordFlag.Pronoun)) return true;
  const last = lead.last;
  return (
    last == <i32>data.WORD_TO ||
    last == <i32>data.WORD_DID ||
    last == <i32>data.WORD_DO ||
    last == <i32>data.WORD_DOES
  );
}

/** Whether a block is a verb alone, or with its particle; `last` is its last token. */
function isVerb(q: Question, last: i32, size: i32): bool {
  return size == 1 || (size == 2 && isVerbParticle(q, last));
}

function isVerbParticle(q: Question, place: i32): bool {
  return hasFlag(<i32>tokenOf(q, place).word, WordFlag.VerbParticle);
}

/** "Is it safe to eat salmon", "is eating salmon safe". */
function isDummy(other: Question, place: i32, gap: Gap, lead: Gap): bool {
  if (!gap.isOnly(<i32>data.WORD_TO) || !lead.hasIt) return false;
  return (tokenOf(other, place).flags & TokenFlag.Gerund) != 0;
}

/** "Who was beaten by Ali", "who beat Ali": the same order with "by" on one side is another question. */
function agentDiffers(a: Question, b: Question): bool {
  return hasBy(a) != hasBy(b) && a.hasBe != b.hasBe;
}

function hasBy(q: Question): bool {
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Frame) != 0) continue;
    if (<i32>token.word == <i32>data.WORD_BY) return true;
  }
  return false;
}

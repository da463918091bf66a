import { MAX_TOKENS } from "../question/question";
import { UNKNOWN } from "../words/dictionary";
import { Units } from "../text/units";

/** The first of the numbers that represent frames. */
const FIRST_FRAME: i32 = -2;

/** Bits that rule out words that do not occur. */
const PRESENT_BITS: u32 = 256;

/** The tokens of a question: where each is spelled, and which word of the tables it is. */
export class TokenList {
  readonly spelling: Units = new Units(8192);
  private readonly from: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly to: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly words: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly marks: StaticArray<u8> = new StaticArray<u8>(MAX_TOKENS);
  /** A bit for each word that occurs, and for some that have occurred. */
  private readonly present: StaticArray<u64> = new StaticArray<u64>(<i32>(PRESENT_BITS >> 6));
  private count: i32 = 0;
  /** Whether there were more than fit. */
  overflow: bool = false;

  get length(): i32 {
    return this.count;
  }

  clear(): void {
    this.count = 0;
    this.overflow = false;
    this.spelling.clear();
  }

  /**
   * Adds a token that is spelled at `[from, to)` of `spelling`. `mark`: whether punctuation is
   * between it and the one before.
   */
  add(from: i32, to: i32, word: i32, mark: bool): void {
    if (this.count >= MAX_TOKENS) {
      this.overflow = true;
      return;
    }
    unchecked((this.from[this.count] = from));
    unchecked((this.to[this.count] = to));
    unchecked((this.marks[this.count] = mark ? 1 : 0));
    unchecked((this.words[this.count++] = word));
  }

  /** Word of the tables at `index`; `UNKNOWN` for another word, for a frame and out of range. */
  word(index: i32): i32 {
    return <u32>index < <u32>this.count ? max(UNKNOWN, unchecked(this.words[index])) : UNKNOWN;
  }

  /** Class of the frame at `index`, −1 when there is none. */
  frame(index: i32): i32 {
    if (<u32>index >= <u32>this.count) return -1;
    const word = unchecked(this.words[index]);
    return word <= FIRST_FRAME ? FIRST_FRAME - word : -1;
  }

  /** Whether punctuation precedes it. */
  isMarked(index: i32): bool {
    return <u32>index < <u32>this.count && unchecked(this.marks[index]) != 0;
  }

  start(index: i32): i32 {
    return <u32>index < <u32>this.count ? unchecked(this.from[index]) : 0;
  }

  end(index: i32): i32 {
    return <u32>index < <u32>this.count ? unchecked(this.to[index]) : 0;
  }

  /** Leaves only the tokens `[from, to)`. */
  keep(from: i32, to: i32): void {
    const first = max(0, from);
    const count = max(0, min(to, this.count) - first);
    if (first > 0) {
      for (let i = 0; i < count; i++) this.move(first + i, i);
    }
    this.count = count;
  }

  /** Copies token `from` to place `to`, both in range. */
  private move(from: i32, to: i32): void {
    unchecked((this.from[to] = this.from[from]));
    unchecked((this.to[to] = this.to[from]));
    unchecked((this.words[to] = this.words[from]));
    unchecked((this.marks[to] = this.marks[from]));
  }

  /** Whether the words of static data, `length` of them, are at `index`. */
  hasPhrase(index: i32, phrase: usize, length: i32): bool {
    if (index < 0 || index + length > this.count) return false;
    for (let i = 0; i < length; i++) {
      if (this.word(index + i) != <i32>load<u16>(phrase + ((<usize>i) << 1))) return false;
    }
    return true;
  }

  /** Takes note of which words occur, for `replacePhrase`. */
  notePresent(): void {
    this.present.fill(0);
    for (let i = 0; i < this.count; i++) this.setPresent(this.word(i));
  }

  private setPresent(word: i32): void {
    const bit = (<u32>word) & (PRESENT_BITS - 1);
    const at = <i32>(bit >> 6);
    unchecked((this.present[at] = this.present[at] | ((<u64>1) << (bit & 63))));
  }

  /** Whether all words of a phrase may occur: false is certain. */
  private mayHave(phrase: usize, length: i32): bool {
    for (let i = 0; i < length; i++) {
      const bit = (<u32>load<u16>(phrase + ((<usize>i) << 1))) & (PRESENT_BITS - 1);
      if (((unchecked(this.present[<i32>(bit >> 6)]) >> (bit & 63)) & 1) == 0) return false;
    }
    return true;
  }

  /**
   * After `notePresent`: replaces each occurrence of a phrase by a frame of class `frame`, or by `word` when `frame`
   * is negative. A phrase that follows itself directly is replaced once,
   * and one that is `anchored` at the beginning only.
   */
  replacePhrase(phrase: usize, length: i32, frame: i32, word: i32, anchored: bool): void {
    let i = 0;
    if (!this.mayHave(phrase, length)) return;
    if (anchored && !this.hasPhrase(0, phrase, length)) return;
    while (i < this.count && !this.hasPhrase(i, phrase, length)) i++;
    let kept = i;
    let blocked = -1;
    while (i < this.count) {
      if (i == blocked || (anchored && i > 0) || !this.hasPhrase(i, phrase, length)) {
        this.move(i++, kept++);
        continue;
      }
      this.move(i, kept);
      unchecked((this.words[kept] = frame >= 0 ? FIRST_FRAME - frame : word));
      if (frame < 0) this.setPresent(word);
      kept++;
      i += length;
      blocked = i;
    }
    this.count = kept;
  }

  /** Sets where token `index` is spelled. */
  respell(index: i32, from: i32, to: i32): void {
    if (<u32>index >= <u32>this.count) return;
    unchecked((this.from[index] = from));
    unchecked((this.to[index] = to));
  }
}

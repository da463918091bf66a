import { MAX_TOKENS, hasName, Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, UNKNOWN, WordFlag } from "../words/dictionary";
import { isWordLetter } from "../text/characters";
import { areSynonyms, areAntonyms, isTypo, sameFamily, sameStem, Word } from "./relations";

const PASSES: i32 = 5;
/** With more words left over after equal ones are paired, two questions are not compared further. */
const MAX_UNEQUAL: i32 = 16;
const INITIALISM_LEAST: i32 = 3;
const INITIALISM_MOST: i32 = 6;

/** Distinct words of both questions. */
const MAX_SYMBOLS: i32 = 2 * MAX_TOKENS;
/** Places of the table of words; a power of two, twice as many as there can be words. */
const PLACES: i32 = 2 * MAX_SYMBOLS;

/**
 * An alignment of the words of two English questions: which word explains which, and which are unmatched. There is
 * one instance; a comparison overwrites the previous result.
 */
export class Alignment {
  a: Question = changetype<Question>(0);
  b: Question = changetype<Question>(0);
  /** Tokens left over on each side, in order. */
  readonly left: LeftOver[] = [new LeftOver(), new LeftOver()];
  /** Pairs that were found. */
  pairs: i32 = 0;
  private symbols: i32 = 0;
  /** Those of them that are on the first side. */
  private ownSymbols: i32 = 0;
  /** Symbols by the hash of their words, each plus one; 0 where there is none. */
  private readonly places: StaticArray<u16> = new StaticArray<u16>(PLACES);
  /** The first token that is the word, on the first side if it is there. */
  private readonly firstToken: StaticArray<u16> = new StaticArray<u16>(MAX_SYMBOLS);
  private readonly symbolWord: StaticArray<i32> = new StaticArray<i32>(MAX_SYMBOLS);
  /** Sides on which a word occurs: bit 0 and bit 1. */
  private readonly sides: StaticArray<u8> = new StaticArray<u8>(MAX_SYMBOLS);
  /** What each word of the first side was paired with. */
  private readonly pairedWith: StaticArray<u16> = new StaticArray<u16>(MAX_SYMBOLS);
  /** For each token of the first side the one of the second that explains it, or −1. */
  private readonly pairOf: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  private readonly wordA: Word = new Word();
  private readonly wordB: Word = new Word();

  /**
   * Pairs the content words of both questions, in passes from sure to weak. False when the questions differ
   * too much.
   */
  align(a: Question, b: Question): bool {
    this.a = a;
    this.b = b;
    this.pairs = 0;
    this.symbols = 0;
    this.ownSymbols = MAX_SYMBOLS;
    this.places.fill(0);
    this.number(a, 1);
    this.ownSymbols = this.symbols;
    this.number(b, 2);
    for (let i = 0; i < this.symbols; i++) unchecked((this.pairedWith[i] = <u16>i));
    for (let i = 0; i < MAX_TOKENS; i++) unchecked((this.pairOf[i] = -1));
    const left = this.left[0];
    const right = this.left[1];
    left.fill(a);
    right.fill(b);
    for (let pass = 0; pass < PASSES && left.count > 0 && right.count > 0; pass++) {
      this.runPass(pass, left, right);
      if (max(left.count, right.count) > MAX_UNEQUAL) return false;
    }
    this.takeInitialism(left, a, right, b);
    this.takeInitialism(right, b, left, a);
    this.takeCompound(left, a, right, b);
    this.takeCompound(right, b, left, a);
    return true;
  }

  /** Word `index` of side `question` to look at; the second one may be held at the same time. */
  first(question: Question, index: i32): Word {
    return this.wordA.look(question, tokenOf(question, index));
  }

  second(question: Question, index: i32): Word {
    return this.wordB.look(question, tokenOf(question, index));
  }

  /** Number of distinct words. */
  get symbolCount(): i32 {
    return this.symbols;
  }

  /** Word of the tables that a symbol is. */
  wordOf(symbol: i32): i32 {
    return <u32>symbol < <u32>this.symbols ? unchecked(this.symbolWord[symbol]) : UNKNOWN;
  }

  /** Whether a word occurs on both sides. */
  isShared(symbol: i32): bool {
    return <u32>symbol < <u32>this.symbols && unchecked(this.sides[symbol]) == 3;
  }

  /** The word of the second side that a word of the first was paired with, else itself. */
  paired(symbol: i32): i32 {
    return <u32>symbol < <u32>this.symbols ? <i32>unchecked(this.pairedWith[symbol]) : symbol;
  }

  /** The token of the second side that explains token `index` of the first, or −1. */
  pairAt(index: i32): i32 {
    return <u32>index < <u32>MAX_TOKENS ? unchecked(this.pairOf[index]) : -1;
  }

  private setPair(own: Question, index: i32, other: i32): void {
    const first = own == this.a ? index : other;
    const second = own == this.a ? other : index;
    if (<u32>first < <u32>MAX_TOKENS) unchecked((this.pairOf[first] = second));
  }

  /** Numbers the words, equal words of both sides equally. */
  private number(question: Question, side: u8): void {
    for (let i = 0; i < <i32>question.tokenCount; i++) {
      const symbol = this.symbolOf(question, i);
      tokenOf(question, i).symbol = <u16>symbol;
      unchecked((this.sides[symbol] |= side));
    }
  }

  /** The number of the word at `index`; the next one if it is new. */
  private symbolOf(question: Question, index: i32): i32 {
    const word = this.first(question, index);
    const token = word.token;
    let at = (<i32>token.hash) & (PLACES - 1);
    for (; unchecked(this.places[at]) != 0; at = (at + 1) & (PLACES - 1)) {
      const symbol = <i32>unchecked(this.places[at]) - 1;
      const known = symbol < this.ownSymbols ? this.a : this.b;
      const first = <i32>unchecked(this.firstToken[symbol]);
      if (this.second(known, first).equals(word)) return symbol;
    }
    const symbol = this.symbols++;
    unchecked((this.places[at] = <u16>(symbol + 1)));
    unchecked((this.firstToken[symbol] = <u16>index));
    const isFrame = (token.flags & TokenFlag.Frame) != 0;
    unchecked((this.symbolWord[symbol] = isFrame ? UNKNOWN : <i32>token.word));
    unchecked((this.sides[symbol] = 0));
    return symbol;
  }

  private runPass(pass: i32, left: LeftOver, right: LeftOver): void {
    let kept = 0;
    // Those before are taken.
    let from = 0;
    for (let i = 0; i < left.count; i++) {
      const index = left.at(i);
      const x = this.first(this.a, index);
      while (right.isTaken(from)) from++;
      let found = -1;
      for (let j = from; j < right.count && found < 0; j++) {
        if (right.isTaken(j)) continue;
        if (this.relates(pass, x, this.second(this.b, right.at(j)))) found = j;
      }
      if (found < 0) {
        left.keep(i, kept++);
        continue;
      }
      const other = right.at(found);
      this.setPair(this.a, index, other);
      unchecked((this.pairedWith[x.token.symbol] = tokenOf(this.b, other).symbol));
      this.pairs++;
      right.take(found);
    }
    left.count = kept;
    right.close();
  }

  private relates(pass: i32, x: Word, y: Word): bool {
    switch (pass) {
      case 0:
        return x.token.symbol == y.token.symbol;
      case 1:
        return sameStem(x, y);
      case 2:
        return sameFamily(x, y);
      case 3:
        return (
          areSynonyms(x, y, this.isNamed(x, y) ? <i32>data.ABBREVIATION_GROUPS : 0) &&
          !areAntonyms(x, y)
        );
      default:
        return isTypo(x, y) && !this.isNamed(x, y);
    }
  }

  /** Whether either word is a name in either question. */
  private isNamed(x: Word, y: Word): bool {
    return this.isName(x) || this.isName(y);
  }

  isName(x: Word): bool {
    return hasName(this.a, x.token.hash) || hasName(this.b, x.token.hash);
  }

  /** `cors` on one side, its words in sequence on the other: pairs both. */
  private takeInitialism(
    left: LeftOver,
    own: Question,
    leftOther: LeftOver,
    other: Question,
  ): void {
    for (let i = 0; i < left.count; i++) {
      const x = this.first(own, left.at(i));
      const length = x.length;
      if (length < INITIALISM_LEAST || length > INITIALISM_MOST || !isAlphabetic(x)) continue;
      for (let start = 0; start < <i32>other.tokenCount; start++) {
        const end = this.endOfRun(x, other, start);
        if (end == 0) continue;
        const index = left.at(i);
        left.remove(i, 1);
        let first = -1;
        for (let w = start; w < end; w++) {
          const taken = leftOther.removeSymbol(other, tokenOf(other, w).symbol);
          if (first < 0) first = taken;
        }
        if (first >= 0) this.setPair(own, index, first);
        return;
      }
    }
  }

  /**
   * Where the words that begin with the letters of `x` end, "and" and its like left out; 0 when they do
   * not stand at `start`.
   */
  private endOfRun(x: Word, other: Question, start: i32): i32 {
    let at = start;
    for (let i = 0; i < x.length; i++) {
      while (at < <i32>other.tokenCount && this.isSkipped(other, at, x.at(i))) at++;
      if (at >= <i32>other.tokenCount) return 0;
      const token = tokenOf(other, at);
      if ((token.flags & TokenFlag.Frame) != 0 || token.length < 2) return 0;
      if (this.wordB.look(other, token).at(0) != x.at(i)) return 0;
      at++;
    }
    return at;
  }

  /** Whether a word has no letter in an initialism, where `letter` is the next one. */
  private isSkipped(q: Question, index: i32, letter: u32): bool {
    const token = tokenOf(q, index);
    if ((token.flags & TokenFlag.Frame) != 0) return false;
    const word = <i32>token.word;
    const isSmall =
      word == <i32>data.WORD_AND ||
      word == <i32>data.WORD_OF ||
      word == <i32>data.WORD_THE ||
      word == <i32>data.WORD_FOR;
    return isSmall && this.wordB.look(q, token).at(0) != letter;
  }

  /** `postcode` on one side, `post code` on the other: pairs both. */
  private takeCompound(left: LeftOver, own: Question, leftOther: LeftOver, other: Question): void {
    for (let i = 0; i < left.count; i++) {
      const x = this.first(own, left.at(i));
      for (let j = 0; j + 1 < leftOther.count; j++) {
        if (!this.isJoined(x, other, leftOther.at(j), leftOther.at(j + 1))) continue;
        this.setPair(own, left.at(i), leftOther.at(j));
        left.remove(i, 1);
        leftOther.remove(j, 2);
        return;
      }
    }
  }

  private isJoined(x: Word, other: Question, first: i32, second: i32): bool {
    const firstLength = <i32>tokenOf(other, first).length;
    if (firstLength + <i32>tokenOf(other, second).length != x.length) return false;
    const y = this.wordB.look(other, tokenOf(other, first));
    for (let i = 0; i < firstLength; i++) {
      if (x.at(i) != y.at(i)) return false;
    }
    y.look(other, tokenOf(other, second));
    for (let i = firstLength; i < x.length; i++) {
      if (x.at(i) != y.at(i - firstLength)) return false;
    }
    return true;
  }
}

/** In place of a token that was taken. */
const TAKEN: i32 = -1;

/** Tokens of a side that nothing explains so far. */
export class LeftOver {
  private readonly tokens: StaticArray<i32> = new StaticArray<i32>(MAX_TOKENS);
  count: i32 = 0;

  /** Takes all content words. */
  fill(question: Question): void {
    this.count = 0;
    for (let i = 0; i < <i32>question.tokenCount; i++) {
      if ((tokenOf(question, i).flags & TokenFlag.Content) == 0) continue;
      unchecked((this.tokens[this.count++] = i));
    }
  }

  at(index: i32): i32 {
    return <u32>index < <u32>this.count ? unchecked(this.tokens[index]) : 0;
  }

  /** Whether the token at `index` has been taken, since `close` was called last. */
  isTaken(index: i32): bool {
    return <u32>index < <u32>this.count && unchecked(this.tokens[index]) == TAKEN;
  }

  /** Takes the token at `index`; its place stays until `close`. */
  take(index: i32): void {
    if (<u32>index < <u32>this.count) unchecked((this.tokens[index] = TAKEN));
  }

  /** Moves the token at `from` to `to`, which is not after it. */
  keep(from: i32, to: i32): void {
    unchecked((this.tokens[to] = this.tokens[from]));
  }

  /** Closes the gaps of what was taken. */
  close(): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.tokens[i]) != TAKEN) this.keep(i, kept++);
    }
    this.count = kept;
  }

  remove(index: i32, count: i32): void {
    for (let i = index + count; i < this.count; i++) {
      unchecked((this.tokens[i - count] = this.tokens[i]));
    }
    this.count -= count;
  }

  /** Removes the first token that is the word `symbol` and returns it, or −1. */
  removeSymbol(question: Question, symbol: u16): i32 {
    for (let i = 0; i < this.count; i++) {
      const index = this.at(i);
      if (tokenOf(question, index).symbol != symbol) continue;
      this.remove(i, 1);
      return index;
    }
    return -1;
  }

  hasLight(question: Question): bool {
    for (let i = 0; i < this.count; i++) {
      if (hasFlag(<i32>tokenOf(question, this.at(i)).word, WordFlag.Light)) return true;
    }
    return false;
  }
}

function isAlphabetic(x: Word): bool {
  for (let i = 0; i < x.length; i++) {
    if (!isWordLetter(x.at(i))) return false;
  }
  return true;
}

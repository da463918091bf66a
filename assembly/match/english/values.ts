import * as data from "../tables/data";
import { multiplierOf, numberOf, ordinalOf, timeOf, unitOf, UNKNOWN } from "../words/dictionary";
import { hashDigits, hashNumber } from "../words/number-hash";
import { bit } from "../text/bits";
import { isAsciiLetter, isDigit } from "../text/characters";
import { HashList } from "../text/hash-list";
import { Units } from "../text/units";
import { TokenList } from "./token-list";
import { Char } from "../../proxy-wasm/char";

/**
 * Kinds of values, combined with the number of the value. All numbers are one value: their order is
 * compared separately.
 */
const NUMBER_VALUE: u32 = 0x100;
const TIME_VALUE: u32 = 0x200;
const UNIT_VALUE: u32 = 0x300;

let scratch: Units = new Units(64);

/** Numbers, times and units of a question, and the other tokens. */
export class Values {
  /** Hashes of the numbers as texts, in their order: "3 of 7" is not "7 of 3". */
  readonly numbers: HashList = new HashList(256);
  times: u64 = 0;
  units: u64 = 0;
  /** Units that a number has: in "£50 in dollars" that of pounds. */
  measured: u64 = 0;
  /** For each token the value that it is, 0 for none. */
  private readonly values: StaticArray<u32> = new StaticArray<u32>(256);
  /** Where the last number ended. */
  private numberEnd: i32 = -1;
  /** Tokens that are neither value nor frame, in order. */
  readonly rest: StaticArray<i32> = new StaticArray<i32>(256);
  restCount: i32 = 0;

  /** Reads the tokens. `half`, `dozen`, `two million` are numbers; `3 pm` is number and time. */
  read(tokens: TokenList): void {
    this.numbers.clear();
    this.times = 0;
    this.units = 0;
    this.measured = 0;
    this.restCount = 0;
    this.numberEnd = -1;
    memory.fill(changetype<usize>(this.values), 0, (<usize>this.values.length) << 2);
    let i = nextWord(tokens, 0);
    let before = -1;
    while (i < tokens.length) {
      const numbers = this.numbers.length;
      const end = nextWord(tokens, this.readAt(tokens, i));
      if (this.numbers.length > numbers) {
        this.setValue(i, NUMBER_VALUE);
        this.numberEnd = end;
        if (before >= 0 && isMoney(tokens, before)) {
          this.measured |= bit(unitOf(tokens.word(before)) - 1);
        }
      }
      before = this.lastWord(tokens, i, end);
      i = end;
    }
  }

  /** The last word of `[from, to)` other than a frame. */
  private lastWord(tokens: TokenList, from: i32, to: i32): i32 {
    let last = to - 1;
    while (last > from && tokens.frame(last) >= 0) last--;
    return last;
  }

  /** The value of token `index`: its kind and number, 0 when it is none. */
  valueAt(index: i32): u32 {
    return <u32>index < <u32>this.values.length ? unchecked(this.values[index]) : 0;
  }

  private setValue(index: i32, value: u32): void {
    if (<u32>index < <u32>this.values.length) unchecked((this.values[index] = value));
  }

  private addUnit(index: i32, unit: i32, measured: bool): void {
    this.units |= bit(unit - 1);
    this.setValue(index, UNIT_VALUE | (<u32>unit));
    if (measured) this.measured |= bit(unit - 1);
  }

  /** Reads the token at `i` and returns the index after what belongs to it. */
  private readAt(tokens: TokenList, i: i32): i32 {
    const word = tokens.word(i);
    const nextAt = nextWord(tokens, i + 1);
    const following = tokens.word(nextAt);
    if (isDigit(tokens.spelling.at(tokens.start(i)))) return this.readDigits(tokens, i, nextAt);
    if (ordinalOf(word) > 0) {
      scratch.clear();
      scratch.push(Char.Zero + <u32>ordinalOf(word));
      scratch.push(Char.LowerO);
      this.numbers.append(scratch.hash(0, scratch.length));
    } else if (numberOf(word) >= 0 && word != <i32>data.WORD_ONE) {
      let value = numberOf(word);
      let last = i;
      const units = numberOf(following);
      if (value >= 20 && units >= 0 && units < 10 && isWhole(units)) {
        value += units;
        last = nextAt;
      }
      const afterAt = nextWord(tokens, last + 1);
      const multiplier = multiplierOf(tokens.word(afterAt));
      if (multiplier > 0) {
        value *= multiplier;
        last = afterAt;
      }
      this.numbers.append(hashNumber(value));
      return last + 1;
    } else if (word == <i32>data.WORD_ONE && unitOf(following) > 0) {
      // "In one kilogram", "in a kilogram".
    } else if (timeOf(word) > 0) {
      this.times |= bit(timeOf(word) - 1);
      this.setValue(i, TIME_VALUE | (<u32>timeOf(word)));
    } else if (unitOf(word) > 0 && !isShortUnit(tokens, i)) {
      this.addUnit(i, unitOf(word), i == this.numberEnd);
    } else {
      unchecked((this.rest[this.restCount++] = i));
    }
    return i + 1;
  }

  private readDigits(tokens: TokenList, i: i32, nextAt: i32): i32 {
    const following = tokens.word(nextAt);
    const multiplier = multiplierOf(following);
    const from = tokens.start(i);
    const to = tokens.end(i);
    let last = nextAt;
    let factor: f64 = 1;
    if (multiplier > 0 && isPlain(tokens.spelling, from, to)) {
      factor = multiplier;
    } else if (isOrdinalEnding(following)) {
      // "3 rd" counts as 3.
    } else if (unitOf(following) > 0 && tokens.end(nextAt) - tokens.start(nextAt) <= 2) {
      this.addUnit(nextAt, unitOf(following), true);
    } else if (following == <i32>data.WORD_AM) {
      this.times |= bit(<i32>data.TIME_AM);
    } else if (following == <i32>data.WORD_PM) {
      this.times |= bit(<i32>data.TIME_PM);
    } else {
      last = i;
    }
    this.numbers.append(hashDigits(tokens.spelling, from, to, factor));
    return last + 1;
  }
}

/** The first token at or after `i` that is no frame. */
function nextWord(tokens: TokenList, i: i32): i32 {
  let at = i;
  while (at < tokens.length && tokens.frame(at) >= 0) at++;
  return at;
}

function isWhole(value: f64): bool {
  return Math.floor(value) == value;
}

function isOrdinalEnding(word: i32): bool {
  if (word == UNKNOWN) return false;
  return (
    word == <i32>data.WORD_ST ||
    word == <i32>data.WORD_ND ||
    word == <i32>data.WORD_RD ||
    word == <i32>data.WORD_TH
  );
}

/** Units of one or two letters are units only directly after a number. */
function isShortUnit(tokens: TokenList, i: i32): bool {
  const from = tokens.start(i);
  const length = tokens.end(i) - from;
  if (length > 2) return false;
  for (let at = from; at < from + length; at++) {
    if (!isAsciiLetter(tokens.spelling.at(at))) return false;
  }
  return true;
}

/** A sign of money. */
function isMoney(tokens: TokenList, i: i32): bool {
  if (tokens.end(i) - tokens.start(i) != 1) return false;
  const c = tokens.spelling.at(tokens.start(i));
  return c == Char.Dollar || c == 0xa3 || c == 0xa5 || c == 0x20ac;
}

/** Digits, commas and dots only. */
function isPlain(text: Units, from: i32, to: i32): bool {
  for (let i = from; i < to; i++) {
    const c = text.at(i);
    if (!isDigit(c) && c != Char.Comma && c != Char.Dot) return false;
  }
  return true;
}

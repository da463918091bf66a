import { Question, textOf, Token, TokenFlag } from "../question/question";
import * as data from "../tables/data";
import {
  areDifferent,
  areOpposites,
  baseOf,
  findWord,
  hasFlag,
  isInFilter,
  shareGroup,
  spell,
  UNKNOWN,
  WordFlag,
} from "../words/dictionary";
import { isDigit } from "../text/characters";
import { Units } from "../text/units";
import { isVowel } from "./stem";
import { Char } from "../../proxy-wasm/char";

/** Least length of a common prefix, in letters and in percent of the shorter word. */
const FAMILY_LETTERS: i32 = 4;
const FAMILY_PERCENT: i32 = 60;
const TYPO_LETTERS: i32 = 5;
/** Least length of words in which one vowel may replace another, except among their last letters. */
const VOWEL_TYPO_LETTERS: i32 = 8;
const VOWEL_TYPO_TAIL: i32 = 3;
/** Shorter words get no negative prefix. */
const PREFIX_LETTERS: i32 = 3;

/** A word of a question: its token and its letters. */
export class Word {
  token: Token = changetype<Token>(0);
  private letters: usize = 0;

  /** Looks at `token` of `question`. */
  look(question: Question, token: Token): Word {
    this.token = token;
    this.letters = textOf(question) + ((<usize>token.from) << 2);
    return this;
  }

  @inline
  get length(): i32 {
    return <i32>this.token.length;
  }

  @inline
  get word(): i32 {
    return <i32>this.token.word;
  }

  /** Letter `index`, 0 when it is out of range. */
  @inline
  at(index: i32): u32 {
    return <u32>index < <u32>this.token.length
      ? load<u32>(this.letters + ((<usize>index) << 2))
      : 0;
  }

  has(flag: u16): bool {
    return (this.token.flags & flag) != 0;
  }

  equals(other: Word): bool {
    const length = this.token.length;
    if (this.token.hash != other.token.hash || length != other.token.length) return false;
    return memory.compare(this.letters, other.letters, (<usize>length) << 2) == 0;
  }
}

let ending: Units = new Units(8192);
let formA: Units = new Units(8192);
let formB: Units = new Units(8192);

/**
 * Two inflected forms of one word. A final "e" counts unless -ing or -ed was taken off: car/care and
 * plan/plane differ.
 */
export function sameStem(a: Word, b: Word): bool {
  if (a.token.stemHash != b.token.stemHash || areDifferent(a.word, b.word)) return false;
  if (a.has(TokenFlag.VerbEnding) || b.has(TokenFlag.VerbEnding)) return true;
  if (a.has(TokenFlag.FinalE) == b.has(TokenFlag.FinalE)) return true;
  return a.has(TokenFlag.FinalEs) || b.has(TokenFlag.FinalEs);
}

/** One word in two forms: a long common start, both endings known. */
export function sameFamily(a: Word, b: Word): bool {
  if (a.equals(b)) return true;
  const shorter = min(a.length, b.length);
  let common = 0;
  while (common < shorter && a.at(common) == b.at(common)) common++;
  if (common < FAMILY_LETTERS || common * 100 < FAMILY_PERCENT * shorter) return false;
  if (areDifferent(a.word, b.word)) return false;
  // found/founded
  if (baseOf(a.word) != UNKNOWN || baseOf(b.word) != UNKNOWN) return false;
  const endA = a.length - common;
  const endB = b.length - common;
  // plan/plane, store/story
  if (isSingle(a, common, Char.LowerE) && (endB == 0 || isSingle(b, common, Char.LowerY)))
    return false;
  if (isSingle(b, common, Char.LowerE) && (endA == 0 || isSingle(a, common, Char.LowerY)))
    return false;
  if (!isEnding(a, common) || !isEnding(b, common)) return false;
  if (!agreeInY(a, b, common) || !agreeInY(b, a, common)) return false;
  if (!agreeInAl(a, b, common) || !agreeInAl(b, a, common)) return false;
  return endsInDoubleE(a) == endsInDoubleE(b);
}

/** recover/recovery, not fair/fairy. */
function agreeInY(a: Word, b: Word, common: i32): bool {
  if (!isSingle(a, common, Char.LowerY)) return true;
  if (b.length > common && !isSingle(b, common, Char.LowerS)) return true;
  return a.at(common - 1) == Char.LowerR && a.at(common - 2) == Char.LowerE;
}

/** approve/approval, not option/optional. */
function agreeInAl(a: Word, b: Word, common: i32): bool {
  if (!hasEnding(a, common, "al") && !hasEnding(a, common, "als")) return true;
  return (
    isSingle(b, common, Char.LowerE) || hasEnding(b, common, "es") || hasEnding(b, common, "ed")
  );
}

function hasEnding(word: Word, from: i32, ending: string): bool {
  if (word.length - from != ending.length) return false;
  for (let i = 0; i < ending.length; i++) {
    if (word.at(from + i) != <u32>ending.charCodeAt(i)) return false;
  }
  return true;
}

function isSingle(word: Word, from: i32, letter: u32): bool {
  return word.length - from == 1 && word.at(from) == letter;
}

function isEnding(word: Word, from: i32): bool {
  if (from == word.length) return true;
  ending.clear();
  for (let i = from; i < word.length; i++) ending.push(word.at(i));
  return hasFlag(findWord(ending, 0, ending.length), WordFlag.Ending);
}

function endsInDoubleE(word: Word): bool {
  return word.at(word.length - 1) == Char.LowerE && word.at(word.length - 2) == Char.LowerE;
}

/** Whether a form of each is in one synonym group, of those from number `least` on. */
export function areSynonyms(a: Word, b: Word, least: i32): bool {
  if (areDifferent(a.word, b.word)) return false;
  return (
    isInGroupOf(<i32>a.token.word, b, least) ||
    isInGroupOf(<i32>a.token.stemWord, b, least) ||
    isInGroupOf(<i32>a.token.stemEWord, b, least)
  );
}

function isInGroupOf(form: i32, b: Word, least: i32): bool {
  return (
    shareGroup(form, <i32>b.token.word, least) ||
    shareGroup(form, <i32>b.token.stemWord, least) ||
    shareGroup(form, <i32>b.token.stemEWord, least)
  );
}

/** Whether a form of one is listed as the opposite of a form of the other, or has a negative prefix. */
export function areAntonyms(a: Word, b: Word): bool {
  for (let i = 0; i < 3; i++) {
    const wordA = formWord(a, i);
    for (let j = 0; j < 3; j++) {
      if (areOpposites(wordA, formWord(b, j))) return true;
    }
  }
  for (let i = 0; i < 3; i++) {
    if (!spellForm(a, i, formA) || formA.length < PREFIX_LETTERS) continue;
    for (let j = 0; j < 3; j++) {
      if (!spellForm(b, j, formB) || formB.length < PREFIX_LETTERS) continue;
      if (hasPrefix(formA, formB) || hasPrefix(formB, formA)) return true;
    }
  }
  return false;
}

/** Form `index` of a word in the tables: itself, its stem, its stem and an e. */
function formWord(word: Word, index: i32): i32 {
  if (index == 0) return word.word;
  return <i32>(index == 1 ? word.token.stemWord : word.token.stemEWord);
}

/** Spells form `index`; false when the word has no such form. */
function spellForm(word: Word, index: i32, out: Units): bool {
  if (index == 1 && !word.has(TokenFlag.StemIsBase)) return false;
  if (index == 2 && !word.has(TokenFlag.StemEIsBase)) return false;
  out.clear();
  if (index == 1 && baseOf(word.word) != UNKNOWN) {
    spell(baseOf(word.word), out);
    return true;
  }
  if (index == 2 && word.has(TokenFlag.DropsS)) {
    for (let i = 0; i + 1 < word.length; i++) out.push(word.at(i));
    return true;
  }
  const length = index == 0 ? word.length : <i32>word.token.stemLength;
  for (let i = 0; i < length; i++) out.push(word.at(i));
  if (index > 0 && word.has(TokenFlag.StemY)) out.push(Char.LowerY);
  if (index == 2) out.push(Char.LowerE);
  return true;
}

/** Whether `long` is `short` with a negative prefix. */
function hasPrefix(short: Units, long: Units): bool {
  const length = long.length - short.length;
  if (length <= 0) return false;
  let prefix = data.PREFIXES;
  for (let i = 0; i < data.PREFIXES_COUNT; i++) {
    const prefixLength = <i32>load<u16>(prefix);
    if (prefixLength == length && long.hasStatic(0, prefix + 2, prefixLength)) {
      let same = true;
      for (let at = 0; at < short.length && same; at++) same = short.at(at) == long.at(length + at);
      if (same) return true;
    }
    prefix += (<usize>prefixLength + 1) << 1;
  }
  return false;
}

/** Whether a word, or the one that it is a form of, is a real one. */
function isReal(word: Word): bool {
  for (let i = 0; i < 3; i++) {
    if (!spellForm(word, i, formA)) continue;
    if (i > 0 && formA.length < TYPO_LETTERS) continue;
    if (isInFilter(formA, 0, formA.length)) return true;
  }
  return false;
}

/** Whether exactly one of two words is a real one. */
function isOneReal(a: Word, b: Word): bool {
  return isReal(a) != isReal(b);
}

/**
 * In words of 5 letters or more with the same first letter, one of which is no real word: one letter
 * too many, one missing, or two neighbours exchanged. A replaced letter is a typing error only where
 * it is harmless: s for z, or, in words of 8 letters or more and not in the last three, a vowel for a vowel. So
 * horse/house and nitrate/nitrite stay different.
 */
export function isTypo(a: Word, b: Word): bool {
  if (min(a.length, b.length) < TYPO_LETTERS || a.at(0) != b.at(0)) return false;
  if (abs(a.length - b.length) > 1 || hasDigit(a) || hasDigit(b)) return false;
  const close = a.length == b.length ? isReplacedOrSwapped(a, b) : isInserted(a, b);
  return close && !areDifferent(a.word, b.word) && !areAntonyms(a, b);
}

function hasDigit(word: Word): bool {
  for (let i = 0; i < word.length; i++) {
    if (isDigit(word.at(i))) return true;
  }
  return false;
}

function isReplacedOrSwapped(a: Word, b: Word): bool {
  let first = -1;
  let second = -1;
  for (let i = 0; i < a.length; i++) {
    if (a.at(i) == b.at(i)) continue;
    if (second >= 0) return false;
    if (first < 0) first = i;
    else second = i;
  }
  if (first < 0) return false;
  if (second >= 0) {
    const isSwapped = a.at(first) == b.at(second) && a.at(second) == b.at(first);
    return second == first + 1 && isSwapped && isOneReal(a, b);
  }
  const x = a.at(first);
  const y = b.at(first);
  if ((x == Char.LowerS && y == Char.LowerZ) || (x == Char.LowerZ && y == Char.LowerS)) return true;
  const early = a.length >= VOWEL_TYPO_LETTERS && first < a.length - VOWEL_TYPO_TAIL;
  return early && isVowel(x) && isVowel(y) && isOneReal(a, b);
}

/** Whether the longer word is the shorter one with one letter more. */
function isInserted(a: Word, b: Word): bool {
  const aIsLong = a.length > b.length;
  const length = min(a.length, b.length);
  let i = 0;
  while (i < length && a.at(i) == b.at(i)) i++;
  for (; i < length; i++) {
    if (a.at(aIsLong ? i + 1 : i) != b.at(aIsLong ? i : i + 1)) return false;
  }
  return isOneReal(a, b);
}

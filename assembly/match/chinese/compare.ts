import { Comparison, Veto } from "../question/comparison";
import {
  literalsOf,
  namesOf,
  negationsDiffer,
  numbersOf,
  Question,
  sameHashes,
  textOf,
} from "../question/question";
import * as data from "../tables/data";
import { isDigit, isHan, isLowerAscii, searchSorted } from "../text/characters";
import { Trait } from "./asked";
import { leftCharacters } from "./left";
import { isMoved } from "./movement";
import { isCompared, itemAt } from "./parse";
import { StaticStrings } from "./scan";
import { Char } from "../../proxy-wasm/char";

/** With fewer items there is too little to compare: they must be equal. */
const FEW_ITEMS: i32 = 3;
/** The order around direction words counts when at most so many characters are left over … */
const ORDER_LEFT: i32 = 2;
/** … and the question has so many items. */
const ORDER_ITEMS: i32 = 4;
/** Items looked at on each side of a direction word. */
const REACH: i32 = 4;

/** Items on one side of a direction word. */
class Around {
  private readonly items: StaticArray<u32> = new StaticArray<u32>(REACH);
  private count: i32 = 0;

  clear(): void {
    this.count = 0;
  }

  get isFull(): bool {
    return this.count == REACH;
  }

  add(item: u32): void {
    if (this.count < REACH) unchecked((this.items[this.count++] = item));
  }

  has(item: u32): bool {
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.items[i]) == item) return true;
    }
    return false;
  }

  /** Whether an item is here and not in `not`, and in `other` and not in `notOther`. */
  moved(not: Around, other: Around, notOther: Around): bool {
    for (let i = 0; i < this.count; i++) {
      const item = unchecked(this.items[i]);
      if (!not.has(item) && other.has(item) && !notOther.has(item)) return true;
    }
    return false;
  }
}

const beforeA: Around = new Around();
const afterA: Around = new Around();
const beforeB: Around = new Around();
const afterB: Around = new Around();

/** Compares two Chinese questions. */
export function compareChinese(a: Question, b: Question, out: Comparison): void {
  out.reset(true);
  if (!sameHashes(numbersOf(a), a.numberCount, numbersOf(b), b.numberCount)) {
    out.vetoes |= Veto.Number;
  }
  if (a.times != b.times) out.vetoes |= Veto.Time;
  if (negationsDiffer(a, b)) out.vetoes |= Veto.Negation;
  if (!sameHashes(namesOf(a), a.nameCount, namesOf(b), b.nameCount)) out.vetoes |= Veto.Entity;
  if (!sameHashes(literalsOf(a), a.literalCount, literalsOf(b), b.literalCount)) {
    out.vetoes |= Veto.Literal;
  }
  if (a.operators != b.operators) out.vetoes |= Veto.Operator;
  compareCharacters(a, b, out);
  if (hasAntonyms(a, b)) out.vetoes |= Veto.Antonym;
  const left = out.leftA + out.leftB;
  const leftA = out.leftA;
  const leftB = out.leftB;
  if (isExcused(leftA, leftB)) {
    out.leftA = 0;
    out.leftB = 0;
  }
  const isExplained = out.leftA == 0 && out.leftB == 0;
  if (orderDiffers(a, b, left) || (isExplained && isMoved(a, b, leftA, leftB))) {
    out.vetoes |= Veto.Order;
  }
  if (a.tense != b.tense && a.tense != 0 && b.tense != 0) out.vetoes |= Veto.Tense;
  if (
    questionsDiffer(a.classes, b.classes) ||
    asksWhetherOnly(a, b) ||
    asksWhetherOnly(b, a) ||
    ((a.moods ^ b.moods) & Trait.Way) != 0 ||
    a.asksOwner != b.asksOwner ||
    a.asksOften != b.asksOften
  ) {
    out.vetoes |= Veto.QuestionType;
  }
  if (min(<i32>a.tokenCount, <i32>b.tokenCount) < FEW_ITEMS && !haveSameItems(a, b)) {
    out.vetoes |= Veto.Short;
  }
  const pointsApart = ((a.moods ^ b.moods) & Trait.Pointing) != 0;
  if (pointsApart || a.personOrder != b.personOrder) out.vetoes |= Veto.Person;
}

/** The difference of both multisets of characters. */
function compareCharacters(a: Question, b: Question, out: Comparison): void {
  const left = leftCharacters[0];
  const right = leftCharacters[1];
  let countB = 0;
  for (let i = 0; i < <i32>b.tokenCount; i++) {
    const item = itemAt(b, i);
    if (isCompared(item)) unchecked((right[countB++] = item));
  }
  let countA = 0;
  let matched = 0;
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    const item = itemAt(a, i);
    if (!isCompared(item)) continue;
    let found = 0;
    while (found < countB && unchecked(right[found]) != item) found++;
    if (found == countB) {
      unchecked((left[countA++] = item));
      continue;
    }
    matched++;
    for (countB--; found < countB; found++) unchecked((right[found] = right[found + 1]));
  }
  out.leftA = countA;
  out.leftB = countB;
  out.matched = matched;
  out.size = max(1, max(<i32>a.contentCount, <i32>b.contentCount));
}

/** Whether what is left over are light characters, on one side only, or nothing. */
function isExcused(leftA: i32, leftB: i32): bool {
  if (leftA > 0 && leftB > 0) return false;
  const left = leftCharacters[leftA > 0 ? 0 : 1];
  for (let i = 0; i < max(leftA, leftB); i++) {
    if (searchSorted(data.ZH_LIGHT, data.ZH_LIGHT_SIZE, unchecked(left[i])) < 0) return false;
  }
  return true;
}

function holdsSide(q: Question, side: i32): bool {
  const bits = side < 64 ? q.sides0 : side < 128 ? q.sides1 : q.sides2;
  return ((bits >> (<u64>(side & 63))) & 1) != 0;
}

/** One string in `a` and not in `b`, its opposite in `b` and not in `a`. */
function hasAntonyms(a: Question, b: Question): bool {
  for (let i: usize = 0; i < <usize>data.ZH_ANTONYMS_SIZE; i += 2) {
    const x = <i32>load<u16>(data.ZH_ANTONYMS + (i << 1));
    const y = <i32>load<u16>(data.ZH_ANTONYMS + ((i + 1) << 1));
    if (isOpposed(a, b, x, y) || isOpposed(a, b, y, x)) return true;
  }
  return false;
}

function isOpposed(a: Question, b: Question, x: i32, y: i32): bool {
  return holdsSide(a, x) && holdsSide(b, y) && !holdsSide(b, x) && !holdsSide(a, y);
}

/** Things exchanged around a direction word, or two blocks. */
function orderDiffers(a: Question, b: Question, left: i32): bool {
  if (left <= ORDER_LEFT && <i32>a.tokenCount >= ORDER_ITEMS) {
    const word = new StaticStrings(data.ZH_DIRECTIONS);
    for (let i = 0; i < data.ZH_DIRECTIONS_COUNT; i++) {
      if (isExchangedAround(a, b, word)) return true;
      word.next();
    }
  }
  return false;
}

function isExchangedAround(a: Question, b: Question, word: StaticStrings): bool {
  if (!lookAround(a, word, beforeA, afterA) || !lookAround(b, word, beforeB, afterB)) return false;
  return beforeA.moved(afterA, afterB, beforeB) && afterA.moved(beforeA, beforeB, afterB);
}

/** Reads the items before and after the first occurrence of `word`; false when there is none. */
function lookAround(q: Question, word: StaticStrings, before: Around, after: Around): bool {
  const length = <i32>q.textLength;
  const at = findIn(q, word);
  if (at < 0) return false;
  before.clear();
  after.clear();
  const starts = itemStarts(q, at);
  for (let i = max(0, starts - REACH); i < starts; i++) {
    before.add(itemFrom(q, unchecked(itemPlaces[i]), at));
  }
  let i = at + word.length;
  while (i < length && !after.isFull) {
    const end = itemEnd(q, i, length);
    if (end > i) after.add(itemFrom(q, i, length));
    i = max(end, i + 1);
  }
  return true;
}

let itemPlaces: StaticArray<i32> = new StaticArray<i32>(8192);

/** Notes where the items before `end` begin, and gives their number. */
function itemStarts(q: Question, end: i32): i32 {
  let count = 0;
  let i = 0;
  while (i < end && count < itemPlaces.length) {
    const next = itemEnd(q, i, end);
    if (next > i) unchecked((itemPlaces[count++] = i));
    i = max(next, i + 1);
  }
  return count;
}

function characterAt(q: Question, index: i32): u32 {
  return <u32>index < q.textLength ? load<u32>(textOf(q) + ((<usize>index) << 2)) : 0;
}

function findIn(q: Question, word: StaticStrings): i32 {
  const length = word.length;
  for (let i = 0; i + length <= <i32>q.textLength; i++) {
    let same = true;
    for (let j = 0; j < length && same; j++) {
      same = characterAt(q, i + j) == <u32>load<u16>(word.pointer + ((<usize>j) << 1));
    }
    if (same) return i;
  }
  return -1;
}

/** End of the Latin token or Han character at `i` below `limit`, or `i`. */
function itemEnd(q: Question, i: i32, limit: i32): i32 {
  const c = characterAt(q, i);
  if (isHan(c)) return i + 1;
  if (!isLowerAscii(c)) return i;
  let end = i + 1;
  while (end < limit && isLatinPart(characterAt(q, end))) end++;
  return end;
}

function isLatinPart(c: u32): bool {
  return isLowerAscii(c) || isDigit(c) || c == Char.Plus || c == Char.Hash || c == Char.Dot;
}

/** The item at `i`: a character, or a hash of a Latin token. */
function itemFrom(q: Question, i: i32, limit: i32): u32 {
  const end = itemEnd(q, i, limit);
  if (end == i + 1) return characterAt(q, i);
  let hash: u32 = 0x811c9dc5;
  for (let at = i; at < end; at++) hash = (hash ^ characterAt(q, at)) * 0x01000193;
  return hash | 0x80000000;
}

/** Whether `a` asks only whether, and `b` only for what, who or the like. */
function asksWhetherOnly(a: Question, b: Question): bool {
  const isWhether = (a.moods & Trait.Whether) != 0 && a.classes == 0;
  return isWhether && b.classes != 0 && (b.moods & Trait.Whether) == 0;
}

/** Whether two sets of question words cannot ask the same. */
function questionsDiffer(a: u32, b: u32): bool {
  for (let i: usize = 0; i < <usize>data.ZH_KINDS_SIZE; i++) {
    const kind = load<u32>(data.ZH_KINDS + (i << 2));
    if (((a & kind) != 0) != ((b & kind) != 0)) return true;
  }
  const x = foldHow(a);
  const y = foldHow(b);
  if (x != 0 && y != 0 && (x & y) != x && (x & y) != y) return true;
  return ((a ^ b) & (<u32>data.ZH_HOW_IS)) != 0;
}

/** 怎么 and 怎么办 are one. */
export function foldHow(questions: u32): u32 {
  const both = <u32>(data.ZH_HOW | data.ZH_HOW_DO);
  return (questions & both) == 0 ? questions : (questions & ~both) | (<u32>data.ZH_HOW);
}

function haveSameItems(a: Question, b: Question): bool {
  if (a.tokenCount != b.tokenCount) return false;
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    if (itemAt(a, i) != itemAt(b, i)) return false;
  }
  return true;
}

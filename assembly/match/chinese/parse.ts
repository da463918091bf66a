import { QuestionBuilder } from "../question/builder";
import { addPerson, Person } from "../question/persons";
import { hashDigits, hashNumber } from "../words/number-hash";
import { itemsOf, MAX_TOKENS, numbersOf, Question, textOf } from "../question/question";
import * as data from "../tables/data";
import { bit } from "../text/bits";
import {
  isDigit,
  isHan,
  isLetter,
  isLowerAscii,
  isWordLetter,
  searchSorted,
  toLower,
} from "../text/characters";
import { HashList } from "../text/hash-list";
import { Spans } from "../words/spans";
import { Units } from "../text/units";
import { asksOften, asksOwner, traitsOf } from "./asked";
import { foldQuestions, MANNER } from "./how";
import { holds, latinEnd, replaceStatic, StaticStrings } from "./scan";
import { Char } from "../../proxy-wasm/char";

const MAX_HASHES: i32 = 64;
const MAX_UNITS: i32 = 8192;
/** Marks an item that is the hash of a Latin token or a number instead of a character. */
const HASHED_ITEM: u32 = 0x80000000;
/** Marks an item after a question word, or a verb of mood. */
const ASKED_ITEM: u32 = 0x40000000;
/** The position of a removed question word. */
const ASKED: u32 = 1;
const NOT: u32 = 0x4e0d;
const NO_NEGATIONS = "不没无未勿";
/** 别 before one of these is a negative command. */
const TOLD = "再去用说让买吃";
/** Alone these are usually not numbers. */
const NO_NUMBERS = "一千万百";
const BETWEEN_DIGITS = ".,:";

let latin: HashList = new HashList(MAX_HASHES);
let numbers: HashList = new HashList(MAX_TOKENS);
let simplified: Units = new Units(MAX_UNITS);
let folded: Units = new Units(MAX_UNITS);
let body: Units = new Units(MAX_UNITS);
let scratch: Units = new Units(MAX_UNITS);
let items: Units = new Units(MAX_TOKENS);

/** Parses a Chinese question. The arguments and the result are those of `parseEnglish`. */
export function parseChinese(normal: Units, spans: Spans): ArrayBuffer | null {
  const literals = spans.literals;
  simplify(normal);
  findLatin();
  foldPhrases(normal);
  if (folded.overflow || literals.overflow || latin.overflow) return null;
  findNumbers();
  const questions = takeQuestionWords();
  const compared = findItems();
  if (items.overflow || numbers.overflow) return null;
  const builder = new QuestionBuilder(numbers, literals, latin, items.length, folded, true);
  const q = builder.question;
  q.classes = questions;
  q.contentCount = <u16>compared;
  q.times = bitsOf(data.ZH_TIMES, 0, data.ZH_TIMES_COUNT);
  q.negations = <u16>countNegations();
  q.personOrder = <u16>thirdPersons();
  q.asksOften = asksOften(folded);
  q.moods = traitsOf(simplified);
  q.tense = readTense();
  q.asksOwner = asksOwner(folded);
  q.operators = spans.operators;
  q.sides0 = bitsOf(data.ZH_OPPOSITES, 0, data.ZH_OPPOSITES_COUNT);
  q.sides1 = bitsOf(data.ZH_OPPOSITES, 64, data.ZH_OPPOSITES_COUNT);
  q.sides2 = bitsOf(data.ZH_OPPOSITES, 128, data.ZH_OPPOSITES_COUNT);
  memory.copy(itemsOf(q), items.pointerAt(0), (<usize>items.length) << 2);
  return builder.finish(numbersOf(q), textOf(q));
}

/** Simplified characters, lower case. */
function simplify(normal: Units): void {
  simplified.clear();
  for (let i = 0; i < normal.length; i++) {
    const c = toLower(normal.at(i));
    const found = searchSorted(data.TRADITIONAL, data.TRADITIONAL_SIZE, c);
    simplified.push(found < 0 ? c : <u32>load<u16>(data.SIMPLIFIED + ((<usize>found) << 1)));
  }
}

function findLatin(): void {
  latin.clear();
  let i = 0;
  while (i < simplified.length) {
    const end = latinEnd(simplified, i);
    if (end > i) latin.addOnce(simplified.hash(i, end));
    i = max(end, i + 1);
  }
}

/** Replaces the phrases of the table, in its order. */
function foldPhrases(normal: Units): void {
  folded.clear();
  folded.append(simplified, 0, simplified.length);
  const phrase = new StaticStrings(data.ZH_PHRASES);
  for (let i = 0; i < data.ZH_PHRASES_COUNT; i += 2) {
    const from = phrase.pointer;
    const length = phrase.length;
    phrase.next();
    replaceStatic(folded, from, length, phrase.pointer, phrase.length, scratch);
    phrase.next();
  }
  foldRepeats();
  foldQuestions(folded, normal, scratch);
}

/** 难不难 becomes 难. */
function foldRepeats(): void {
  scratch.clear();
  let i = 0;
  while (i < folded.length) {
    const c = folded.at(i);
    const isRepeated = isHan(c) && folded.at(i + 1) == NOT && folded.at(i + 2) == c;
    scratch.push(c);
    i += isRepeated ? 3 : 1;
  }
  folded.clear();
  folded.append(scratch, 0, scratch.length);
}

/** Numbers in digits, and in Chinese numerals of more than one character or 二 and above. */
function findNumbers(): void {
  numbers.clear();
  let i = 0;
  while (i < folded.length) {
    let end = i;
    if (isDigit(folded.at(i))) {
      while (isDigit(folded.at(end))) end++;
      while (holds(BETWEEN_DIGITS, folded.at(end)) && isDigit(folded.at(end + 1))) {
        end++;
        while (isDigit(folded.at(end))) end++;
      }
      numbers.append(hashDigits(folded, i, end, 1));
    } else {
      while (isNumeral(folded.at(end))) end++;
      if (end > i && !(end == i + 1 && holds(NO_NUMBERS, folded.at(i)))) {
        numbers.append(hashNumber(valueOf(i, end)));
      }
    }
    i = max(end, i + 1);
  }
}

function digitOf(c: u32): i32 {
  for (let i: usize = 0; i < <usize>data.ZH_DIGITS_SIZE; i += 2) {
    if (<u32>load<u16>(data.ZH_DIGITS + (i << 1)) == c) {
      return <i32>load<u16>(data.ZH_DIGITS + ((i + 1) << 1));
    }
  }
  return -1;
}

function powerOf(c: u32): f64 {
  for (let i: usize = 0; i < <usize>data.ZH_POWERS_SIZE; i += 2) {
    if (load<u32>(data.ZH_POWERS + (i << 2)) == c) {
      return <f64>load<u32>(data.ZH_POWERS + ((i + 1) << 2));
    }
  }
  return 0;
}

function isNumeral(c: u32): bool {
  return digitOf(c) >= 0 || powerOf(c) > 0;
}

/** The value of a run of numerals: 两千三百 is 2300. */
function valueOf(from: i32, to: i32): f64 {
  let value: f64 = 0;
  let digit = 0;
  for (let i = from; i < to; i++) {
    const c = folded.at(i);
    if (digitOf(c) >= 0) {
      digit = digitOf(c);
    } else {
      value += <f64>(digit == 0 ? 1 : digit) * powerOf(c);
      digit = 0;
    }
  }
  return value + <f64>digit;
}

/** Bits of the question words; `body` is the text without them. */
function takeQuestionWords(): u32 {
  body.clear();
  body.append(folded, 0, folded.length);
  const word = new StaticStrings(data.ZH_QUESTIONS);
  let bits: u32 = 0;
  for (let i = 0; i < data.ZH_QUESTIONS_COUNT; i++) {
    if (body.findStatic(word.pointer, word.length) >= 0) {
      bits |= 1 << i;
      replaceStatic(body, word.pointer, word.length, ASKED_TEXT, 1, scratch);
    }
    word.next();
  }
  return bits;
}

const ASKED_TEXT: usize = memory.data<u16>([1]);

/** Latin tokens, numbers and characters in order; gives the number of characters compared. */
function findItems(): i32 {
  items.clear();
  let compared = 0;
  let asked: u32 = 0;
  let i = 0;
  while (i < body.length) {
    const c = body.at(i);
    const before = items.length;
    let end = i + 1;
    if (c == ASKED) {
      asked = ASKED_ITEM;
    } else if (isLowerAscii(c)) {
      end = latinEnd(body, i);
      items.push(hashedItem(i, end) | asked);
    } else if (isDigit(c)) {
      while (isDigit(body.at(end))) end++;
      if (body.at(end) == Char.Dot && isDigit(body.at(end + 1))) {
        end++;
        while (isDigit(body.at(end))) end++;
      }
      items.push(hashedItem(i, end) | asked);
    } else if (isWordLetter(c) && searchSorted(data.ZH_STOP, data.ZH_STOP_SIZE, c) < 0) {
      const isMood = searchSorted(data.ZH_MOOD, data.ZH_MOOD_SIZE, c) >= 0;
      // 什么样 is no object that could stand in front.
      items.push(c | (isMood ? ASKED_ITEM : c == MANNER ? 0 : asked));
      if (isLetter(c)) compared++;
    }
    if (items.length > before) asked = 0;
    i = end;
  }
  return compared;
}

function hashedItem(from: i32, to: i32): u32 {
  return ((<u32>body.hash(from, to)) & (ASKED_ITEM - 1)) | HASHED_ITEM;
}

/** Bits of up to 64 strings of a list, from number `first` on, that the text holds. */
function bitsOf(list: usize, first: i32, count: i32): u64 {
  const string = new StaticStrings(list);
  let bits: u64 = 0;
  for (let i = 0; i < count && i < first + 64; i++) {
    if (i >= first && folded.findStatic(string.pointer, string.length) >= 0) {
      bits |= bit(i - first);
    }
    string.next();
  }
  return bits;
}

/** Counts negations, without words that only look like one. */
function countNegations(): i32 {
  scratch.clear();
  let i = 0;
  while (i < folded.length) {
    const length = notNegativeAt(i);
    if (length == 0) scratch.push(folded.at(i++));
    else i += length;
  }
  let count = 0;
  for (i = 0; i < scratch.length; i++) {
    const c = scratch.at(i);
    if (holds(NO_NEGATIONS, c)) count++;
    else if (c == 0x522b && holds(TOLD, scratch.at(i + 1))) count++;
    else if (c == 0x7981 && scratch.at(i + 1) == 0x6b62) count++;
  }
  return count;
}

function notNegativeAt(index: i32): i32 {
  return lengthAt(data.ZH_NOT_NEGATIVE, data.ZH_NOT_NEGATIVE_COUNT, index);
}

/** Length of the first string of a list that is at `index`, 0 for none. */
function lengthAt(list: usize, count: i32, index: i32): i32 {
  const word = new StaticStrings(list);
  for (let i = 0; i < count; i++) {
    if (folded.hasStatic(index, word.pointer, word.length)) return word.length;
    word.next();
  }
  return 0;
}

/** The third persons in their order, before 她 and 它 are folded to 他. */
function thirdPersons(): u32 {
  let order: u32 = 0;
  for (let i = 0; i < simplified.length; i++) {
    for (let person = 0; person < data.ZH_PERSONS_SIZE; person++) {
      const c = <u32>load<u16>(data.ZH_PERSONS + ((<usize>person) << 1));
      if (simplified.at(i) == c) order = addPerson(order, Person.Third + <u32>person);
    }
  }
  return order;
}

/** Whether an item is a character that is compared. */
export function isCompared(item: u32): bool {
  return (item & HASHED_ITEM) == 0 && isLetter(item) && !isLowerAscii(item);
}

/** The items of a question, for canonical keys. */
export function itemAt(q: Question, index: i32): u32 {
  return rawItemAt(q, index) & ~ASKED_ITEM;
}

/** Whether a question word directly precedes item `index`, or it is a verb of mood. */
export function isAsked(q: Question, index: i32): bool {
  return (rawItemAt(q, index) & ASKED_ITEM) != 0;
}

function rawItemAt(q: Question, index: i32): u32 {
  if (<u32>index >= <u32>q.tokenCount) return Char.Space;
  return load<u32>(itemsOf(q) + ((<usize>index) << 2));
}

/** 1 for the past, 2 for the future, 0 for neither or both. */
function readTense(): u8 {
  let past = false;
  let future = false;
  let i = 0;
  while (i < folded.length) {
    const length = lengthAt(data.ZH_TIMELESS, data.ZH_TIMELESS_COUNT, i);
    if (length == 0) {
      const c = folded.at(i++);
      if (searchSorted(data.ZH_PAST, data.ZH_PAST_SIZE, c) >= 0) past = true;
      if (searchSorted(data.ZH_FUTURE, data.ZH_FUTURE_SIZE, c) >= 0) future = true;
    } else {
      i += length;
    }
  }
  if (past == future) return 0;
  return past ? 1 : 2;
}

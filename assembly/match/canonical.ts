import { xxhash64At } from "../text/xxhash64";
import { foldHow } from "./chinese/compare";
import { itemAt } from "./chinese/parse";
import { numbersOf, Question, textOf, Token, TokenFlag, tokenOf } from "./question/question";
import * as data from "./tables/data";
import {
  baseOf,
  firstGroup,
  hasFlag,
  isNeverName,
  spell,
  timeOf,
  unitOf,
  UNKNOWN,
  WordFlag,
} from "./words/dictionary";
import { HashList } from "./text/hash-list";
import { Units } from "./text/units";
import { Char } from "../proxy-wasm/char";

/** Kinds of canonical tokens, so that a unit's number is no group's. */
const KIND_TIME: u64 = 1;
const KIND_UNIT: u64 = 2;
const KIND_GROUP: u64 = 3;
const KIND_SHIFT: u64 = 32;
/** Least number of letters that stay when an ending is cut off. */
const MIN_LETTERS: i32 = 4;

let form: Units = new Units(8192);
const HEAD: usize = memory.data(24, 8);

/**
 * Writes the canonical tokens of a question to `tokens`, sorted, as hashes, and gives its key: one
 * number that equal questions share. Neither decides anything. A key has no word order, so every
 * candidate still has to be compared.
 */
export function canonicalForm(q: Question, tokens: HashList): u64 {
  tokens.clear();
  if (q.chinese) {
    for (let i = 0; i < <i32>q.tokenCount; i++) tokens.add(<u64>itemAt(q, i));
    return chineseKey(q, tokens);
  }
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    const word = <i32>token.word;
    if ((token.flags & TokenFlag.Frame) != 0 || hasFlag(word, WordFlag.Negation)) continue;
    if (timeOf(word) > 0) {
      tokens.add((KIND_TIME << KIND_SHIFT) | (<u64>timeOf(word)));
    } else if (unitOf(word) > 0 && token.length > 2) {
      tokens.add((KIND_UNIT << KIND_SHIFT) | (<u64>unitOf(word)));
    } else if (isNameToKeep(token) || !hasFlag(word, WordFlag.Stop | WordFlag.Light)) {
      tokens.add(canonicalWord(q, token));
    }
  }
  return keyOf(tokens, q.classes & (<u32>data.CANONICAL_CLASSES), q.negations, 0, 0);
}

function chineseKey(q: Question, tokens: HashList): u64 {
  let questions = foldHow(q.classes);
  if (questions == <u32>data.ZH_HOW || questions == <u32>data.ZH_WHAT) questions = 0;
  const numbers = xxhash64At(numbersOf(q), (<i32>q.numberCount) << 3);
  return keyOf(tokens, questions | 0x80000000, q.negations, numbers, q.times);
}

function keyOf(tokens: HashList, classes: u32, negations: u16, numbers: u64, times: u64): u64 {
  store<u64>(HEAD, ((<u64>classes) << 1) | ((<u64>negations) & 1));
  store<u64>(HEAD, numbers, 8);
  store<u64>(HEAD, times, 16);
  return xxhash64At(tokens.pointer, tokens.length << 3, xxhash64At(HEAD, 24));
}

function isNameToKeep(token: Token): bool {
  return (token.flags & TokenFlag.Name) != 0 && !isNeverName(<i32>token.word);
}

/** The synonym group of a word, else a hash of its stem without common endings. */
function canonicalWord(q: Question, token: Token): u64 {
  let group = firstGroup(<i32>token.word);
  if (group < 0) group = firstGroup(<i32>token.stemWord);
  if (group < 0) group = firstGroup(<i32>token.stemEWord);
  if (group >= 0) return (KIND_GROUP << KIND_SHIFT) | (<u64>group);
  form.clear();
  const base = baseOf(<i32>token.word);
  if (base != UNKNOWN) {
    spell(base, form);
    while (form.length > <i32>token.stemLength) form.pop();
  } else {
    const letters = textOf(q) + ((<usize>token.from) << 2);
    for (let i = 0; i < <i32>token.stemLength; i++)
      form.push(load<u32>(letters + ((<usize>i) << 2)));
  }
  if ((token.flags & TokenFlag.StemY) != 0) form.push(Char.LowerY);
  if ((token.flags & TokenFlag.Name) == 0) cutEnding();
  return form.hash(0, form.length);
}

/** Cuts the first ending of the table that fits, and a final e or y. */
function cutEnding(): void {
  let ending = data.CANONICAL_ENDINGS;
  for (let i = 0; i < data.CANONICAL_ENDINGS_COUNT; i++) {
    const length = <i32>load<u16>(ending);
    const rest = form.length - length;
    if (rest >= MIN_LETTERS && form.hasStatic(rest, ending + 2, length)) {
      while (form.length > rest) form.pop();
      break;
    }
    ending += (<usize>length + 1) << 1;
  }
  if (form.length <= MIN_LETTERS) return;
  while (form.at(form.length - 1) == Char.LowerE || form.at(form.length - 1) == Char.LowerY)
    form.pop();
}

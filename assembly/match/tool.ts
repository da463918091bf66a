/**
 * The matcher as plain functions over bytes, for the command line (`make match`) and for the tests:
 * input and result are ranges of memory.
 */
import { Bytes } from "../proxy-wasm/bytes";
import { enter, leave } from "../proxy-wasm/memory";
import "../proxy-wasm/abort";
import { setResult, toolInput } from "../proxy-wasm/tool-memory";
import { JsonWriter } from "../json/writer";
import { canonicalForm } from "./canonical";
import { leftCharacters } from "./chinese/left";
import { Comparison } from "./question/comparison";
import { isExcused, lastAlignment } from "./english/compare";
import {
  compareQuestions,
  isExplained,
  MAX_TEXT_BYTES,
  parseQuestion,
  questionIn,
} from "./matcher";
import { Question, textOf, tokenOf } from "./question/question";
import { HashList } from "./text/hash-list";

const comparison: Comparison = new Comparison();
const tokens: HashList = new HashList(256);
const NOTHING = Bytes.of("null");
const UNEXPLAINED = Bytes.of(
  '{"strict":false,"vetoes":"text","leftA":["?"],"leftB":["?"],"matched":0,"size":1,' +
    '"chinese":false,"substitution":false,"insertion":false}',
);

export { prepare, resultLength, resultPointer } from "../proxy-wasm/tool-memory";

/**
 * Compares two questions, the first of `firstLength` bytes. The result is JSON: guards, words left over on
 * each side, matched and size; `null` when one is not a question.
 */
export function compare(firstLength: i32): void {
  enter();
  const one = toolInput().slice(0, firstLength);
  const two = toolInput().slice(firstLength);
  const first = parseQuestion(one);
  const second = parseQuestion(two);
  setResult(NOTHING);
  if (isOdd(one) || isOdd(two)) setResult(UNEXPLAINED);
  else if (first !== null && second !== null) {
    const a = questionIn(first);
    const b = questionIn(second);
    compareQuestions(a, b, comparison);
    setResult(describe(a, b));
  }
  leave();
}

/** Whether a text of a question's length holds what is not accounted for. */
function isOdd(text: Bytes): bool {
  return text.length <= MAX_TEXT_BYTES && !isExplained(text);
}

/** Whether every character of the input is accounted for. */
export function explained(): bool {
  enter();
  const found = isExplained(toolInput());
  leave();
  return found;
}

/** Compares as `compare`, so many times, with both questions parsed once. For measurements. */
export function compareOften(firstLength: i32, times: i32): bool {
  enter();
  const first = parseQuestion(toolInput().slice(0, firstLength));
  const second = parseQuestion(toolInput().slice(firstLength));
  if (first !== null && second !== null) {
    for (let i = 0; i < times; i++) {
      compareQuestions(questionIn(first), questionIn(second), comparison);
    }
  }
  leave();
  return comparison.isStrict;
}

/** Parses the input so many times. For measurements. */
export function parseOften(times: i32): void {
  for (let i = 0; i < times; i++) {
    enter();
    parseQuestion(toolInput());
    leave();
  }
}

/** The canonical key and whether the question is self-contained, as JSON; `null` for no question. */
export function canonical(): void {
  enter();
  const block = parseQuestion(toolInput());
  setResult(NOTHING);
  if (block !== null) {
    const q = questionIn(block);
    const key = canonicalForm(q, tokens);
    const out = new JsonWriter(256).object();
    out.key(Bytes.of("key")).string(Bytes.of(key.toString())).key(Bytes.of("tokens")).array();
    for (let i = 0; i < tokens.length; i++) {
      out.string(Bytes.of(load<u64>(tokens.pointer + ((<usize>i) << 3)).toString()));
    }
    out.endArray().key(Bytes.of("standalone")).bool(q.standalone).endObject();
    setResult(out.toBytes());
  }
  leave();
}

function describe(a: Question, b: Question): Bytes {
  const out = new JsonWriter(256).object();
  out.key(Bytes.of("strict")).bool(comparison.isStrict);
  out.key(Bytes.of("vetoes")).string(Bytes.of(comparison.reasons));
  writeLeft(out.key(Bytes.of("leftA")), a, b, 0, comparison.leftA);
  writeLeft(out.key(Bytes.of("leftB")), b, a, 1, comparison.leftB);
  out.key(Bytes.of("matched")).number(comparison.matched);
  out.key(Bytes.of("size")).number(comparison.size);
  out.key(Bytes.of("chinese")).bool(comparison.chinese);
  out.key(Bytes.of("substitution")).bool(comparison.isSubstitution);
  out.key(Bytes.of("insertion")).bool(comparison.isInsertion);
  return out.endObject().toBytes();
}

/** Writes what is left over of one side, as an array. */
function writeLeft(out: JsonWriter, q: Question, other: Question, side: i32, count: i32): void {
  out.array();
  if (q.chinese != other.chinese) {
    out.string(Bytes.of("?"));
  } else if (q.chinese) {
    for (let i = 0; i < count; i++) {
      out.string(Bytes.of(String.fromCodePoint(unchecked(leftCharacters[side][i]))));
    }
  } else {
    const left = lastAlignment().left;
    const excuse = !(left[side].hasLight(q) && left[1 - side].hasLight(other));
    for (let i = 0; i < left[side].count; i++) {
      const index = left[side].at(i);
      if (!isExcused(q, index, excuse)) out.string(Bytes.of(spelling(q, index)));
    }
  }
  out.endArray();
}

function spelling(q: Question, index: i32): string {
  const token = tokenOf(q, index);
  let text = "";
  for (let i: usize = 0; i < <usize>token.length; i++) {
    text += String.fromCodePoint(load<u32>(textOf(q) + ((<usize>token.from + i) << 2)));
  }
  return text;
}

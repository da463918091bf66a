import { Bytes } from "../proxy-wasm/bytes";
import { compareChinese } from "./chinese/compare";
import { parseChinese } from "./chinese/parse";
import { Comparison, Veto } from "./question/comparison";
import { compareEnglish } from "./english/compare";
import { parseEnglish } from "./english/parse";
import { writeFeatures } from "./question/features";
import { featuresOf, Question } from "./question/question";
import { writeAliasesOut } from "./text/aliases";
import { foldText, isAllKnown } from "./text/fold";
import { Spans } from "./words/spans";
import { Units } from "./text/units";
import { Char } from "../proxy-wasm/char";

/** Longer texts are documents and not matched semantically. */
export const MAX_TEXT_BYTES: i32 = 4096;

const LEFT_QUOTE: u32 = 0x2018;
const RIGHT_QUOTE: u32 = 0x2019;

let raw: Units = new Units(8192);
let folded: Units = new Units(8192);
let normal: Units = new Units(8192);
let spans: Spans = new Spans();
let isChinese: bool = false;

/**
 * Parses a question for `compareQuestions`. Null when it cannot be matched semantically: without a word,
 * above 4 KiB or 256 tokens, or full of literals. The block holds no references and may be copied.
 */
export function parseQuestion(text: Bytes): ArrayBuffer | null {
  if (!read(text)) return null;
  const chinese = isChinese;
  const block = chinese ? parseChinese(normal, spans) : parseEnglish(normal, spans);
  if (block === null || questionIn(block).tokenCount == 0) return null;
  questionIn(block).isExplained = isAllKnown && spans.isWhole;
  writeFeatures(normal, chinese, featuresOf(questionIn(block)));
  return block;
}

/**
 * Whether every character of a text is accounted for, so that it may be matched semantically; false for a
 * text that is too long.
 */
export function isExplained(text: Bytes): bool {
  return read(text) && isAllKnown && spans.isWhole;
}

/** Folds a text and finds its literals; false when it is too long. */
function read(text: Bytes): bool {
  if (text.length > MAX_TEXT_BYTES) return false;
  isChinese = foldText(text, raw);
  if (raw.overflow) return false;
  writeAliasesOut(raw, folded);
  if (folded.overflow) return false;
  normal.clear();
  for (let i = 0; i < folded.length; i++) {
    const c = folded.at(i);
    const isQuote = c == Char.Backtick || c == LEFT_QUOTE || c == RIGHT_QUOTE;
    normal.push(isQuote ? Char.Apostrophe : c);
  }
  spans.read(folded, normal, isChinese);
  return true;
}

/** What the comparison of two parsed questions finds, written to `out`. */
export function compareQuestions(a: Question, b: Question, out: Comparison): void {
  if (!a.isExplained || !b.isExplained) {
    out.refuse(Veto.Text, false);
  } else if (a.chinese != b.chinese) {
    out.refuse(Veto.Language, a.chinese);
  } else if (a.chinese) {
    compareChinese(a, b, out);
  } else {
    compareEnglish(a, b, out);
  }
}

/** The question in a block of `parseQuestion`, valid while the block is reachable. */
export function questionIn(block: ArrayBuffer): Question {
  return changetype<Question>(changetype<usize>(block));
}

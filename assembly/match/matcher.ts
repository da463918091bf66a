import { Bytes } from "../proxy-wasm/bytes";
import { compareChinese } from "./chinese/compare";
import { parseChinese } from "./chinese/parse";
import { Comparison, Veto } from "./comparison";
import { compareEnglish } from "./english/compare";
import { parseEnglish } from "./english/parse";
import { writeFeatures } from "./features";
import { featuresOf, Question } from "./question";
import { foldText } from "./text/fold";
import { Units } from "./text/units";

/** Longer texts are documents and not compared by meaning. */
export const MAX_TEXT_BYTES: i32 = 4096;

const BACK_TICK: u32 = 0x60;
const APOSTROPHE: u32 = 0x27;
const LEFT_QUOTE: u32 = 0x2018;
const RIGHT_QUOTE: u32 = 0x2019;

let folded: Units = new Units(8192);
let normal: Units = new Units(8192);

/**
 * Parses a question for `compareQuestions`. Null when it is no question to be compared by meaning:
 * without a word, above 4 KiB or 256 tokens, or full of literals. The block holds no references and may be copied.
 */
export function parseQuestion(text: Bytes): ArrayBuffer | null {
  if (text.length > MAX_TEXT_BYTES) return null;
  const chinese = foldText(text, folded);
  if (folded.overflow) return null;
  normal.clear();
  for (let i = 0; i < folded.length; i++) {
    const c = folded.at(i);
    const isQuote = c == BACK_TICK || c == LEFT_QUOTE || c == RIGHT_QUOTE;
    normal.push(isQuote ? APOSTROPHE : c);
  }
  const block = chinese ? parseChinese(folded, normal) : parseEnglish(folded, normal);
  if (block === null || questionIn(block).tokenCount == 0) return null;
  writeFeatures(normal, chinese, featuresOf(questionIn(block)));
  return block;
}

/** What the comparison of two parsed questions finds, written to `out`. */
export function compareQuestions(a: Question, b: Question, out: Comparison): void {
  if (a.chinese != b.chinese) {
    out.reset(a.chinese);
    out.vetoes = Veto.Language;
    out.leftA = 1;
    out.leftB = 1;
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

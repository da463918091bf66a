import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerReader, ElementKind } from "./answer-elements";
import { ElementSet } from "./element-set";

/** Elements of one text that are compared; longer answers are compared by their beginnings. */
export const MAX_ELEMENTS: i32 = 1024;
/** Scores are shares of this. */
export const FULL_SCORE: i32 = 1000;
/** From this score on two answers agree, as long as nothing is known of their kind. */
export const USUAL_THRESHOLD: i32 = 500;

const words: ElementSet = new ElementSet(MAX_ELEMENTS);
const numbers: ElementSet = new ElementSet(MAX_ELEMENTS);
const reader: AnswerReader = new AnswerReader();

/**
 * How far two answers say the same, as their texts tell: 0 to `FULL_SCORE`. It is the share of words
 * that both have of those that either has; in scripts without blanks pairs of characters stand for
 * words. Answers that name different numbers, or of which one begins with a denial, score 0: that is
 * what distinguishes a true answer from a false one. It is a proxy: two good answers may differ.
 */
export function agreementOf(a: Bytes, b: Bytes): i32 {
  words.clear();
  numbers.clear();
  const denies = collect(a, 0);
  if (collect(b, 1) != denies) return 0;
  // Each names a number that the other does not: one of them is wrong.
  if (numbers.own(0) > 0 && numbers.own(1) > 0) return 0;
  return min(words.likeness(FULL_SCORE), numbers.likeness(FULL_SCORE));
}

/** Whether two answers agree, with nothing known of what their kind usually shares. */
export function answersAgree(a: Bytes, b: Bytes): bool {
  return agreementOf(a, b) >= USUAL_THRESHOLD;
}

/** Takes the elements of a text in; gives whether its first sentence denies something. */
function collect(text: Bytes, side: i32): bool {
  reader.open(text);
  while (!words.isFull(side) && !numbers.isFull(side) && reader.next()) {
    const kind = reader.kind == ElementKind.Number ? numbers : words;
    kind.add(side, reader.hash);
  }
  return (reader.denials & 1) == 1;
}

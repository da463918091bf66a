import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerReader, ElementKind } from "./answer-elements";
import { ElementSet } from "./element-set";

/** Most elements of a text that are compared; longer answers are compared by their beginnings. */
const MAX_ELEMENTS: i32 = 1024;
/** The highest score. */
export const FULL_SCORE: i32 = 1000;
/** The least score of agreement, as long as nothing is known of the kind of question. */
export const DEFAULT_THRESHOLD: i32 = 500;

const words: ElementSet = new ElementSet(MAX_ELEMENTS);
const numbers: ElementSet = new ElementSet(MAX_ELEMENTS);
const reader: AnswerReader = new AnswerReader();

/**
 * How far the texts of two answers agree: 0 to `FULL_SCORE`. It is the share of common words; in scripts
 * without spaces pairs of characters count as words. Answers that name different numbers, or of which one
 * begins with a denial, score 0: that is what distinguishes a true answer from a false one. It is a proxy:
 * two good answers may differ.
 */
export function agreementOf(a: Bytes, b: Bytes): i32 {
  words.clear();
  numbers.clear();
  const denies = collect(a, 0);
  if (collect(b, 1) != denies) return 0;
  // Each has a number that the other lacks: one of them is wrong.
  if (numbers.own(0) > 0 && numbers.own(1) > 0) return 0;
  return min(words.similarity(FULL_SCORE), numbers.similarity(FULL_SCORE));
}

/** Takes the elements of a text in; returns whether its first sentence denies something. */
function collect(text: Bytes, side: i32): bool {
  reader.open(text);
  while (!words.isFull(side) && !numbers.isFull(side) && reader.next()) {
    const kind = reader.kind == ElementKind.Number ? numbers : words;
    kind.add(side, reader.hash);
  }
  return (reader.denials & 1) == 1;
}

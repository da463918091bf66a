import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

/** The stem of the last call of `findStem`: its number of letters, and whether a `y` follows. */
export let stemLength: i32 = 0;
export let stemHasY: bool = false;

/** Whether the word `[from, to)` of `text` ends in the ASCII letters of `ending`. */
export function endsWith(text: Units, from: i32, to: i32, ending: string): bool {
  const length = ending.length;
  if (to - from < length) return false;
  for (let i = 0; i < length; i++) {
    if (text.at(to - length + i) != <u32>ending.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Finds the stem of a word: -s, -es, -ies, -ied, -ing and -ed taken off, a doubled letter undone, a final
 * e dropped. Words of up to three letters are their own stems.
 */
export function findStem(text: Units, from: i32, to: i32): void {
  stemLength = to - from;
  stemHasY = false;
  if (to - from <= 3) return;
  let end = to;
  if (endsWith(text, from, end, "'s")) end -= 2;
  if ((endsWith(text, from, end, "ies") || endsWith(text, from, end, "ied")) && end - from > 4) {
    // A final y is not one of the endings below.
    stemLength = end - from - 3;
    stemHasY = true;
    return;
  }
  if (isSibilantPlural(text, from, end)) end -= 2;
  else if (isPlural(text, from, end)) end--;
  if (endsWith(text, from, end, "ing")) end = cut(text, from, end, 3, 6);
  else if (endsWith(text, from, end, "ed")) end = cut(text, from, end, 2, 5);
  if (end - from > 3 && text.at(end - 1) == Char.LowerE) end--;
  stemLength = end - from;
}

/** -sses, -ches, -shes, -xes. */
export function isSibilantPlural(text: Units, from: i32, to: i32): bool {
  return (
    endsWith(text, from, to, "sses") ||
    endsWith(text, from, to, "ches") ||
    endsWith(text, from, to, "shes") ||
    endsWith(text, from, to, "xes")
  );
}

/** -s, but not -ss, -us, -is. */
function isPlural(text: Units, from: i32, to: i32): bool {
  if (to <= from || text.at(to - 1) != Char.LowerS) return false;
  const before = to - 2 >= from ? text.at(to - 2) : 0;
  return before != Char.LowerS && before != Char.LowerU && before != Char.LowerI;
}

/** Takes an ending off a word of at least `least` letters if a vowel precedes it. */
function cut(text: Units, from: i32, to: i32, ending: i32, least: i32): i32 {
  if (to - from < least) return to;
  let end = to - ending;
  let hasVowel = false;
  for (let i = from; i < end; i++) {
    if (isVowel(text.at(i)) || text.at(i) == Char.LowerY) hasVowel = true;
  }
  if (!hasVowel) return to;
  const last = text.at(end - 1);
  const isDoubled = end - from > 2 && last == text.at(end - 2);
  if (isDoubled && last != Char.LowerL && last != Char.LowerS && last != Char.LowerZ) end--;
  return end;
}

export function isVowel(c: u32): bool {
  return (
    c == Char.LowerA || c == Char.LowerE || c == Char.LowerI || c == Char.LowerO || c == Char.LowerU
  );
}

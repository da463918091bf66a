import { findWord, hasFlag, WordFlag } from "../words/dictionary";
import {
  isAsciiLetter,
  isDigit,
  isLower,
  isLowerAscii,
  isUpper,
  isWord,
  toLower,
} from "../text/characters";
import { HashList } from "../text/hash-list";
import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

/** Precedes a name among the literals. */
const NAME_MARK: u32 = Char.Caret;
/** With fewer words a title cannot be distinguished from a sentence. */
const TITLE_WORDS: i32 = 3;

let folded: Units = new Units(4096);

/**
 * Hashes of the tokens that look like names, in lower case: a capital inside a sentence, mixed case,
 * letters with digits, all capitals. When most words are capitalised (a title, shouting) capitals
 * say nothing and only tokens with digits count. Takes the normalised text. Those that are another
 * word in lower case (IT, Polish) become `literals` as well.
 */
export function findNames(text: Units, out: HashList, literals: HashList): void {
  out.clear();
  if (isTitle(text)) findNamesInTitle(text, out);
  else findNamesInSentence(text, out, literals);
}

/** End of the word at `i`: letters, digits, `_` and `'`. */
function wordEnd(text: Units, i: i32): i32 {
  let end = i + 1;
  while (isWord(text.at(end)) || text.at(end) == Char.Apostrophe) end++;
  return end;
}

/**
 * Whether more than 60 % of the words begin with a capital, of at least three. The first one and "I"
 * do in any text and prove nothing.
 */
function isTitle(text: Units): bool {
  let words = 0;
  let counted = 0;
  let capitals = 0;
  let i = 0;
  while (i < text.length) {
    if (!isAsciiLetter(text.at(i))) {
      i++;
      continue;
    }
    const end = wordEnd(text, i);
    const isI = text.at(i) == Char.UpperI && (end == i + 1 || text.at(i + 1) == Char.Apostrophe);
    if (words++ > 0 && !isI) {
      counted++;
      if (!isLowerAscii(text.at(i))) capitals++;
    }
    i = end;
  }
  return words >= TITLE_WORDS && capitals * 10 > counted * 6;
}

function findNamesInTitle(text: Units, out: HashList): void {
  let i = 0;
  while (i < text.length) {
    if (!isAsciiLetter(text.at(i))) {
      i++;
      continue;
    }
    const end = wordEnd(text, i);
    if (hasDigit(text, i, end)) add(text, i, end, out);
    i = end;
  }
}

function findNamesInSentence(text: Units, out: HashList, literals: HashList): void {
  let first = true;
  let i = 0;
  while (i < text.length) {
    const c = text.at(i);
    if (!isAsciiLetter(c)) {
      if (c == Char.Dot || c == Char.Exclamation || c == Char.Question) first = true;
      i++;
      continue;
    }
    let end = i + 1;
    while (isNamePart(text.at(end))) end++;
    judge(text, i, end, first, out, literals);
    first = false;
    i = end;
  }
}

/** Letters, digits, `_`, and the signs inside "C++", "node.js", "O'Neil". */
function isNamePart(c: u32): bool {
  return isWord(c) || c == Char.Plus || c == Char.Hash || c == Char.Dot || c == Char.Apostrophe;
}

/** Adds the token `[from, to)` if it looks like a name. */
function judge(
  text: Units,
  from: i32,
  to: i32,
  first: bool,
  out: HashList,
  literals: HashList,
): void {
  let end = to;
  while (end > from && (text.at(end - 1) == Char.Dot || text.at(end - 1) == Char.Apostrophe)) end--;
  const startsWithI =
    text.at(from) == Char.UpperI && from + 1 < end && text.at(from + 1) == Char.Apostrophe;
  if (end - from >= 2 && text.at(end - 2) == Char.Apostrophe && text.at(end - 1) == Char.LowerS)
    end -= 2;
  const isI = end - from == 1 && text.at(from) == Char.UpperI;
  const capital = !first && isUpper(text.at(from)) && !isI && !startsWithI;
  if (
    capital ||
    isMixed(text, from, end) ||
    hasDigit(text, from, end) ||
    (end - from > 1 && isAllCapitals(text, from, end))
  ) {
    add(text, from, end, out);
    if (!hasFlag(findWord(folded, 0, folded.length), WordFlag.CasedWord)) return;
    folded.clear();
    folded.push(NAME_MARK);
    for (let i = from; i < end; i++) folded.push(toLower(text.at(i)));
    literals.addOnce(folded.hash(0, folded.length));
  }
}

/** An ASCII capital after a small letter. */
function isMixed(text: Units, from: i32, to: i32): bool {
  for (let i = from + 1; i < to; i++) {
    const c = text.at(i);
    if (c >= Char.UpperA && c <= Char.UpperZ && isLowerAscii(text.at(i - 1))) return true;
  }
  return false;
}

function hasDigit(text: Units, from: i32, to: i32): bool {
  for (let i = from; i < to; i++) {
    if (isDigit(text.at(i))) return true;
  }
  return false;
}

function isAllCapitals(text: Units, from: i32, to: i32): bool {
  let any = false;
  for (let i = from; i < to; i++) {
    if (isUpper(text.at(i))) any = true;
    else if (isLower(text.at(i))) return false;
  }
  return any;
}

function add(text: Units, from: i32, to: i32, out: HashList): void {
  folded.clear();
  for (let i = from; i < to; i++) folded.push(toLower(text.at(i)));
  out.addOnce(folded.hash(0, folded.length));
}

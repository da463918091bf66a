import { isAsciiLetter, isDigit, isHan, isSpace, isSymbol } from "./characters";
import { Cover } from "./cover";
import { HashList } from "./hash-list";
import { Units } from "./units";
import { Char } from "../../proxy-wasm/char";

/** Longest run of spaces, or of signs, in a question. */
const MAX_BLANKS: i32 = 4;
const MAX_SIGNS: i32 = 6;
/** Most marks in a row, and signs in a row inside a token of code. */
const SHORT_RUN: i32 = 3;
const CLOSERS = ")]\"'”’“»》」』】〉";
const OPENERS = "([\"'“‘„«¿¡《「『【〈";
const MARKS = ".?!。";
const PAUSES = ",;:、·";
const DASHES = "-–—";
/** Between two letters or digits. */
const INNER = "'’‘-–—.,:/&·";
/** Between two blanks, next to marks and pauses. */
const ALONE = "-–—&•";
const MONEY = "%$£€¥";
const AROUND_CODE = "(\"'";
const AFTER_CODE = ".,;:!?\"'";

const EMOJI_STYLE: u32 = 0xfe0f;
const EMOJI_JOINER: u32 = 0x200d;

/** Classes of characters. */
namespace Kind {
  export const Blank: i32 = 0;
  export const Word: i32 = 1;
  export const Han: i32 = 2;
  export const Symbol: i32 = 3;
  export const Point: i32 = 4;
}

/** Of a folded text. `_` counts as a sign here: `a_b` is code. */
function kindOf(c: u32): i32 {
  if (isSpace(c)) return Kind.Blank;
  if (isHan(c) || c == 0x3005 || c == 0x3007) return Kind.Han;
  if (isDigit(c) || isAsciiLetter(c) || isLatin(c)) return Kind.Word;
  const isPart = isSymbol(c) || c == EMOJI_STYLE || c == EMOJI_JOINER;
  return isPart ? Kind.Symbol : Kind.Point;
}

/** A Latin letter beyond ASCII, or the sign of micro. */
function isLatin(c: u32): bool {
  if (c < 0xc0) return false;
  if (c <= 0x24f) return c != 0xd7 && c != 0xf7;
  return c == 0x3bc || (c >= 0x1e00 && c <= 0x1eff);
}

function isIn(signs: string, c: u32): bool {
  for (let i = 0; i < signs.length; i++) {
    if (<u32>signs.charCodeAt(i) == c) return true;
  }
  return false;
}

let text: Units = new Units(0);
let cover: Cover = new Cover(0);
let literals: HashList = new HashList(0);
let isWhole: bool = true;
/** Whether there was only a lone sign since the last word. */
let isAlone: bool = false;
/** End of the last token of code. */
let codeEnd: i32 = 0;

/**
 * Whether every character of a folded text is accounted for: a letter, a digit, a blank, part of
 * what `covered` marks as compared to the letter, or punctuation where punctuation usually is. A
 * token with other signs inside, like `~/.bashrc`, is added to `out`, to be compared to the letter as
 * well. What is not compared could carry an instruction that the next user never gave.
 */
export function explains(folded: Units, covered: Cover, out: HashList): bool {
  text = folded;
  cover = covered;
  literals = out;
  isWhole = true;
  isAlone = false;
  codeEnd = 0;
  let i = 0;
  while (i < text.length && isWhole) i = readAt(i);
  return isWhole;
}

function kindAt(i: i32): i32 {
  if (i < 0 || i >= text.length) return Kind.Blank;
  return cover.has(i) ? Kind.Word : kindOf(text.at(i));
}

/** Reads the character or run at `i` and returns the position after it. */
function readAt(i: i32): i32 {
  const kind = kindAt(i);
  let end = i + 1;
  if (kind == Kind.Blank) {
    while (end < text.length && kindAt(end) == Kind.Blank) end++;
    isWhole = end - i <= MAX_BLANKS;
    return end;
  }
  if (kind == Kind.Point) {
    while (end < text.length && kindAt(end) == Kind.Point) end++;
    return readPoints(i, end);
  }
  if (kind == Kind.Symbol) isWhole = joinsEmoji(i);
  isAlone = false;
  return end;
}

/** U+FE0F follows an emoji, U+200D is between two of them. */
function joinsEmoji(i: i32): bool {
  const c = text.at(i);
  const before = text.at(i - 1);
  if (c == EMOJI_STYLE) return isSymbol(before);
  if (c != EMOJI_JOINER) return true;
  return (isSymbol(before) || before == EMOJI_STYLE) && isSymbol(text.at(i + 1));
}

/** Checks the run of signs `[i, end)` and returns the position to continue at. */
function readPoints(i: i32, end: i32): i32 {
  const kindBefore = kindAt(i - 1);
  const kindAfter = kindAt(end);
  const isLone = kindBefore == Kind.Blank && kindAfter == Kind.Blank;
  if (isLone && isAlone) {
    isWhole = false;
    return end;
  }
  isAlone = isLone;
  let isUsual: bool = false;
  if (kindBefore == Kind.Word && kindAfter == Kind.Word) {
    isUsual = end == i + 1 && isIn(INNER, text.at(i)) && !isPath(i);
  } else {
    isUsual = isLone ? isMark(i, end) : isAtWord(i, end, kindBefore, kindAfter);
  }
  return isUsual ? end : takeCode(i, end);
}

/** Whether a slash is not the only one of its token, other than between digits. */
function isPath(i: i32): bool {
  if (text.at(i) != Char.Slash || (isDigit(text.at(i - 1)) && isDigit(text.at(i + 1))))
    return false;
  for (let at = i + 1; at < text.length; at++) {
    const kind = kindOf(text.at(at));
    if (kind != Kind.Word && kind != Kind.Point) return false;
    if (text.at(at) == Char.Slash) return true;
  }
  return false;
}

/** A mark between blanks: a dash, "?" after a blank as the French write it, "5 %". */
function isMark(i: i32, end: i32): bool {
  if (end > i + 1) return skipMarks(i, end) == end;
  const c = text.at(i);
  if (isIn(ALONE, c) || isIn(MARKS, c) || isIn(PAUSES, c)) return true;
  return isIn(MONEY, c) && isDigit(text.at(i - 2));
}

/** Signs at the end of a word and at the beginning of the next one. */
function isAtWord(i: i32, end: i32, before: i32, after: i32): bool {
  if (end - i > MAX_SIGNS) return false;
  let at = i;
  if (before != Kind.Blank) {
    const c = text.at(i - 1);
    if (isAsciiLetter(c)) {
      while (at < end && at < i + 2 && (text.at(at) == Char.Plus || text.at(at) == Char.Hash)) at++;
    } else if (isDigit(c) && isIn(MONEY, text.at(at))) {
      at++;
    }
    at = skipEnd(at, end);
    if (before == Kind.Han || after == Kind.Han) at = skip(at, end, DASHES, 2);
  }
  if (after != Kind.Blank) {
    at = skip(at, end, OPENERS, 2);
    const isSum = at < end && (isIn(MONEY, text.at(at)) || text.at(at) == Char.Hash);
    if (isSum && isDigit(text.at(end))) at++;
  }
  return at == end;
}

/** Index after up to two quotes or brackets around marks, and one more mark: "(and so on.),". */
function skipEnd(at: i32, end: i32): i32 {
  const closed = skip(at, end, CLOSERS, 2);
  const marked = skipMarks(closed, end);
  const suffix = skip(marked, end, CLOSERS, 2 - (closed - at));
  const isClosed = closed < marked && marked < suffix && suffix < end;
  const c = text.at(suffix);
  return isClosed && (isIn(MARKS, c) || isIn(PAUSES, c)) ? suffix + 1 : suffix;
}

/** Index after up to `most` of `signs` at `at`. */
function skip(at: i32, end: i32, signs: string, most: i32): i32 {
  const last = min(end, at + most);
  let i = at;
  while (i < last && isIn(signs, text.at(i))) i++;
  return i;
}

/** Index after up to three of `. ? !`, or up to six dots, or one pause. */
function skipMarks(at: i32, end: i32): i32 {
  if (at < end && isIn(PAUSES, text.at(at))) return at + 1;
  let dots = at;
  while (dots < min(end, at + MAX_SIGNS) && text.at(dots) == Char.Dot) dots++;
  return max(dots, skip(at, end, MARKS, SHORT_RUN));
}

/** Whether a character belongs to a token of code. */
function isCode(i: i32): bool {
  const c = text.at(i);
  const kind = kindOf(c);
  return kind == Kind.Word || (kind == Kind.Point && c < 0x80);
}

/** The token around an unusual run becomes a literal, if it has a letter or digit, or is one sign. */
function takeCode(i: i32, end: i32): i32 {
  isWhole = end - i <= SHORT_RUN;
  for (let at = i; at < end; at++) {
    if (text.at(at) >= 0x80) isWhole = false;
  }
  if (!isWhole) return end;
  let start = i;
  let stop = end;
  while (start > codeEnd && isCode(start - 1)) start--;
  while (stop < text.length && isCode(stop)) stop++;
  let hasWord = false;
  for (let at = start; at < stop; at++) {
    if (kindOf(text.at(at)) == Kind.Word) hasWord = true;
  }
  if (!hasWord) {
    isWhole = stop == start + 1;
    codeEnd = end;
    literals.addOnce(text.hash(i, end));
    return end;
  }
  isAlone = false;
  codeEnd = stop;
  addCode(start, stop);
  return stop;
}

/** Adds the token without the quotes and marks around it. */
function addCode(start: i32, stop: i32): void {
  let first = start;
  while (first < stop && isIn(AROUND_CODE, text.at(first))) first++;
  let hasOpening = false;
  for (let at = first; at < stop; at++) {
    if (text.at(at) == Char.OpenParenthesis) hasOpening = true;
  }
  const least = max(first, stop - SHORT_RUN);
  let last = stop;
  while (last > least) {
    const c = text.at(last - 1);
    if (!isIn(AFTER_CODE, c) && (c != Char.CloseParenthesis || hasOpening)) break;
    last--;
  }
  literals.addOnce(text.hash(first, last));
}

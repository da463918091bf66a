import { isAsciiLetter, isDigit, isSpace, isWord } from "./characters";
import { Cover } from "./cover";
import { Units } from "./units";
import { Char } from "../../proxy-wasm/char";

const MINUS_SIGN: u32 = 0x2212;
/** `* ^ = < > | \ × ÷ ≤ ≥ ≠ ±` */
const INFIX: StaticArray<u32> = [
  0x2a, 0x5e, 0x3d, 0x3c, 0x3e, 0x7c, 0x5c, 0xd7, 0xf7, 0x2264, 0x2265, 0x2260, 0xb1,
];
/** `√ ∑ ∫ → ←` */
const ALONE: StaticArray<u32> = [0x221a, 0x2211, 0x222b, 0x2192, 0x2190];

let found: Units = new Units(4096);

/**
 * A hash of the characters, in order, whose exchange or absence changes a question: arithmetic,
 * comparison and code operators. 5+3 is not 5*3, x>y is not x<y, -5 is not 5. Marks them.
 */
export function hashOperators(text: Units, cover: Cover): u64 {
  found.clear();
  let i = 0;
  while (i < text.length) {
    const from = found.length;
    let end = infixEnd(text, i);
    if (end == 0) end = aloneEnd(text, i);
    if (end == 0) end = signEnd(text, i);
    if (end == 0) end = spacedEnd(text, i);
    if (end == 0) {
      i++;
      continue;
    }
    for (let at = i; at < end; at++) {
      const c = text.at(at);
      if (!isSpace(c)) found.push(c == MINUS_SIGN ? Char.Hyphen : c);
    }
    if (found.length > from) found.push(0);
    if (!isFlag(text, i, end)) cover.mark(i, end);
    i = end;
  }
  return found.length == 0 ? 0 : found.hash(0, found.length);
}

/** "+x" after a blank is a flag and belongs to what follows. */
function isFlag(text: Units, i: i32, end: i32): bool {
  return (
    end > i + 1 &&
    text.at(end - 1) == Char.Plus &&
    isSpace(text.at(i)) &&
    isAsciiLetter(text.at(end))
  );
}

/** End of an operator between two operands, 0 when there is none. The same for those below. */
function infixEnd(text: Units, i: i32): i32 {
  if (!closes(text.at(i - 1))) return 0;
  let at = skipSpaces(text, i);
  if (text.at(at) == Char.Plus) {
    at++;
  } else {
    const start = at;
    while (at < text.length && INFIX.includes(text.at(at))) at++;
    if (at == start) return 0;
  }
  at = skipSpaces(text, at);
  const next = text.at(at);
  return isWord(next) ||
    next == Char.OpenParenthesis ||
    next == Char.OpenBracket ||
    next == Char.Hyphen
    ? at
    : 0;
}

function aloneEnd(text: Units, i: i32): i32 {
  return ALONE.includes(text.at(i)) ? i + 1 : 0;
}

/** A sign before a number. */
function signEnd(text: Units, i: i32): i32 {
  const isMinus = text.at(i) == Char.Hyphen || text.at(i) == MINUS_SIGN;
  return isMinus && isDigit(text.at(i + 1)) && !closes(text.at(i - 1)) ? i + 1 : 0;
}

/** `-` between numbers or one-letter names, ` / ` between numbers. */
function spacedEnd(text: Units, i: i32): i32 {
  const before = text.at(i - 1);
  const at = skipSpaces(text, i);
  const c = text.at(at);
  const end = skipSpaces(text, at + 1);
  const next = text.at(end);
  if (c == Char.Hyphen || c == MINUS_SIGN) {
    if (isDigit(before) && isDigit(next)) return end;
    const spaced = at > i && end > at + 1;
    const isShortBefore = isWord(before) && !isWord(text.at(i - 2));
    return spaced && isShortBefore && isWord(next) && !isWord(text.at(end + 1)) ? end : 0;
  }
  const spaced = at > i && end > at + 1;
  return c == Char.Slash && spaced && isDigit(before) && isDigit(next) ? end : 0;
}

function closes(c: u32): bool {
  return isWord(c) || c == Char.CloseParenthesis || c == Char.CloseBracket;
}

function skipSpaces(text: Units, i: i32): i32 {
  let at = i;
  while (at < text.length && isSpace(text.at(at))) at++;
  return at;
}

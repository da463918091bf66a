import { isDigit, isLowerAscii } from "../text/characters";
import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

/** End of the Latin token at `i` ("c++", "node.js", "wi-fi"), or `i` when none begins there. */
export function latinEnd(text: Units, i: i32): i32 {
  if (!isLowerAscii(text.at(i))) return i;
  let end = i + 1;
  while (isLatinPart(text.at(end))) end++;
  return end;
}

function isLatinPart(c: u32): bool {
  return (
    isLowerAscii(c) ||
    isDigit(c) ||
    c == Char.Plus ||
    c == Char.Hash ||
    c == Char.Dot ||
    c == Char.Hyphen
  );
}

/** Whether `c` is one of the characters. */
export function holds(characters: string, c: u32): bool {
  for (let i = 0; i < characters.length; i++) {
    if (<u32>characters.charCodeAt(i) == c) return true;
  }
  return false;
}

/** Replaces every occurrence of static text by other static text. */
export function replaceStatic(
  text: Units,
  from: usize,
  fromLength: i32,
  to: usize,
  toLength: i32,
  scratch: Units,
): void {
  let at = text.findStatic(from, fromLength);
  if (at < 0) return;
  scratch.clear();
  let copied = 0;
  while (at >= 0) {
    scratch.append(text, copied, at);
    scratch.appendStatic(to, toLength);
    copied = at + fromLength;
    at = text.findStatic(from, fromLength, copied);
  }
  scratch.append(text, copied, text.length);
  text.clear();
  text.append(scratch, 0, scratch.length);
}

/** Iterates over `rows` length-prefixed strings of static data. */
export class StaticStrings {
  private at: usize;

  constructor(start: usize) {
    this.at = start;
  }

  /** Length of the current string. */
  get length(): i32 {
    return <i32>load<u16>(this.at);
  }

  /** Address of the current string. */
  get pointer(): usize {
    return this.at + 2;
  }

  next(): void {
    this.at += (<usize>this.length + 1) << 1;
  }
}

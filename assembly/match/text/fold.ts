import { Bytes } from "../../proxy-wasm/bytes";
import { sequenceLength } from "../../text/utf8";
import * as data from "../tables/data";
import { isHan, isKnown, isLetter, searchSorted } from "./characters";
import { Units } from "./units";

const REPLACEMENT: u32 = 0xfffd;
const VOICED_MARK: u32 = 0x3099;
const SEMI_VOICED_MARK: u32 = 0x309a;

/** Whether the last folded text had only code points that a question may contain. */
export let isAllKnown: bool = false;

/**
 * Reads UTF-8 into `out`, in the compatibility form of Unicode (NFKC) as far as questions need it:
 * full-width and half-width forms, blanks, ligatures, super- and subscripts, circled digits, letters
 * with one mark. What is not folded stays different, which costs a match and never makes a wrong
 * one. Invalid bytes become U+FFFD. Gives whether the text is Chinese: more than 30 % of its letters
 * are Han characters.
 */
export function foldText(text: Bytes, out: Units): bool {
  out.clear();
  isAllKnown = true;
  let letters = 0;
  let han = 0;
  let p = text.pointer;
  let left = text.length;
  while (left > 0) {
    const length = max(1, sequenceLength(p, left));
    const c = decode(p, left);
    p += <usize>length;
    left -= length;
    if (!isKnown(c)) isAllKnown = false;
    if (isLetter(c)) letters++;
    if (isHan(c)) han++;
    pushFolded(c, out);
  }
  return han * 10 > letters * 3;
}

/** The code point at `p`, U+FFFD where the bytes are not UTF-8. */
function decode(p: usize, left: i32): u32 {
  const first = <u32>load<u8>(p);
  switch (sequenceLength(p, left)) {
    case 1:
      return first;
    case 2:
      return ((first & 0x1f) << 6) | continuation(p, 1);
    case 3:
      return ((first & 0x0f) << 12) | (continuation(p, 1) << 6) | continuation(p, 2);
    case 4:
      return (
        ((first & 0x07) << 18) |
        (continuation(p, 1) << 12) |
        (continuation(p, 2) << 6) |
        continuation(p, 3)
      );
    default:
      return REPLACEMENT;
  }
}

function continuation(p: usize, index: usize): u32 {
  return (<u32>load<u8>(p + index)) & 0x3f;
}

function pushFolded(c: u32, out: Units): void {
  if (c < 0xa0 || isHan(c)) {
    out.push(c);
    return;
  }
  if (c <= 0xffff) {
    const found = searchSorted(data.FOLDED, data.FOLDED_SIZE, c);
    if (found >= 0) {
      const at = data.FOLDED_AT + ((<usize>found) << 1);
      const from = <i32>load<u16>(at);
      const to = <i32>load<u16>(at, 2);
      for (let i = from; i < to; i++) {
        pushComposed(<u32>load<u16>(data.FOLDED_TO + ((<usize>i) << 1)), out);
      }
      return;
    }
  }
  pushComposed(c, out);
}

/** Appends `c`, or puts it on the letter before it if it is a mark that the letter can carry. */
function pushComposed(c: u32, out: Units): void {
  const isMark = (c >= 0x300 && c <= 0x327) || c == VOICED_MARK || c == SEMI_VOICED_MARK;
  const base = out.at(out.length - 1);
  if (isMark && base > 0 && base <= 0xffff) {
    const composed = compose((base << 16) | c);
    if (composed != 0) {
      out.set(out.length - 1, composed);
      return;
    }
  }
  out.push(c);
}

function compose(key: u32): u32 {
  let low = 0;
  let high = data.COMPOSED_SIZE - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = load<u32>(data.COMPOSED + ((<usize>middle) << 2));
    if (found == key) return <u32>load<u16>(data.COMPOSED_TO + ((<usize>middle) << 1));
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

import { isDigit } from "../text/characters";
import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

/** Integers of more digits are compared as text: an order number must not be rounded. */
const MAX_INTEGER_DIGITS: i32 = 15;

const scratch: Units = new Units(64);

/**
 * A hash of the text under which the number at `[from, to)` is compared. Fractions keep their
 * digits (version 3.1 is not 3.10) and long numbers stay text; anything else ("12/03", "9:45",
 * "1.2.3") is text as well.
 */
export function hashDigits(text: Units, from: i32, to: i32, factor: f64): u64 {
  scratch.clear();
  const grouped = isGrouped(text, from, to);
  for (let i = from; i < to; i++) {
    if (!grouped || text.at(i) != Char.Comma) scratch.push(text.at(i));
  }
  if (scratch.overflow) return text.hash(from, to);
  let dot = -1;
  for (let i = 0; i < scratch.length; i++) {
    if (isDigit(scratch.at(i))) continue;
    if (scratch.at(i) != Char.Dot || dot >= 0) return scratch.hash(0, scratch.length);
    dot = i;
  }
  const isInteger = dot < 0 && scratch.length <= MAX_INTEGER_DIGITS;
  const decimals = scratch.length - dot - 1;
  const isFraction = factor > 1 && dot > 0 && dot <= 9 && decimals >= 1 && decimals <= 6;
  if (!isInteger && !isFraction) return scratch.hash(0, scratch.length);
  let value: f64 = 0;
  let scale: f64 = 1;
  for (let i = 0; i < scratch.length; i++) {
    if (i == dot) continue;
    value = value * 10 + <f64>(scratch.at(i) - Char.Zero);
    if (dot >= 0 && i > dot) scale *= 10;
  }
  return hashNumber((value / scale) * factor);
}

/** `2,000` and `12,345.6`: groups of three digits after commas. */
function isGrouped(text: Units, from: i32, to: i32): bool {
  let i = from;
  while (i < to && isDigit(text.at(i))) i++;
  if (i - from > 3 || i == from || i >= to || text.at(i) != Char.Comma) return false;
  while (i < to && text.at(i) == Char.Comma) {
    for (let digit = 1; digit <= 3; digit++) {
      if (i + digit >= to || !isDigit(text.at(i + digit))) return false;
    }
    i += 4;
  }
  if (i == to) return true;
  if (text.at(i) != Char.Dot || i + 1 >= to) return false;
  for (i++; i < to; i++) {
    if (!isDigit(text.at(i))) return false;
  }
  return true;
}

/** A hash of a value's decimal text. */
export function hashNumber(value: f64): u64 {
  const text = value.toString();
  scratch.clear();
  for (let i = 0; i < text.length; i++) scratch.push(<u32>text.charCodeAt(i));
  return scratch.hash(0, scratch.length);
}

import { CharClass } from "./char-class";
import { Char } from "../../proxy-wasm/char";

/** Reads an expression code point by code point, and its composite parts. */
export class Scanner {
  /** The error; empty when there is none. */
  error: string = "";
  /** The numbers of the last `{m,n}`; `most` is -1 for no limit. */
  least: i32 = 0;
  most: i32 = 0;
  private readonly codes: i32[] = [];
  private at: i32 = 0;

  constructor(pattern: string) {
    let i = 0;
    while (i < pattern.length) {
      const code = pattern.codePointAt(i);
      this.codes.push(code);
      i += code > 0xffff ? 2 : 1;
    }
  }

  get done(): bool {
    return this.at >= this.codes.length;
  }

  /** The next code point without taking it, -1 at the end. */
  get peek(): i32 {
    return this.at < this.codes.length ? this.codes[this.at] : -1;
  }

  /** Takes the next code point, -1 at the end. */
  next(): i32 {
    const code = this.peek;
    if (code >= 0) this.at++;
    return code;
  }

  /** Takes the next code point if it is `code`. */
  take(code: i32): bool {
    if (this.peek != code) return false;
    this.at++;
    return true;
  }

  /** `<name>` or `P<name>` after `(?`; empty with `error` set when it is not one. */
  groupName(): string {
    this.take(Char.UpperP);
    let name = "";
    if (this.take(Char.Less)) {
      while (isWord(this.peek)) name += String.fromCodePoint(this.next());
      if (name.length > 0 && this.take(Char.Greater)) return name;
    }
    this.error = "invalid group name";
    return "";
  }

  /**
   * Reads the rest of `{m}`, `{m,}` or `{m,n}`; false, with nothing consumed, when it is not a repetition.
   */
  bounds(): bool {
    const from = this.at;
    this.least = this.number();
    this.most = this.least;
    if (this.least >= 0 && this.take(Char.Comma))
      this.most = this.peek == Char.CloseBrace ? -1 : this.number();
    else if (this.least < 0) this.most = -2;
    if (this.least >= 0 && this.most >= -1 && this.take(Char.CloseBrace)) return true;
    this.at = from;
    return false;
  }

  /** The rest of `[…]`. `fold`: whether the case of letters does not matter. */
  bracketClass(fold: bool): CharClass {
    const set = new CharClass();
    const negated = this.take(Char.Caret);
    let first = true;
    while (first || this.peek != Char.CloseBracket) {
      if (this.done) return this.bad(set, "missing closing ]");
      first = false;
      let low = this.next();
      if (low == Char.OpenBracket && this.peek == Char.Colon)
        return this.bad(set, "[: :] is not supported");
      if (low == Char.Backslash) {
        if (this.done) return this.bad(set, "missing closing ]");
        const code = this.next();
        if (isPerlClass(code)) {
          set.addAll(perlClass(code));
          continue;
        }
        low = escapedChar(this, code);
      }
      const high = this.rangeEnd(low);
      if (this.error.length > 0) return set;
      if (high < low) return this.bad(set, "invalid character class range");
      set.add(low, high);
    }
    this.take(Char.CloseBracket);
    if (fold) set.foldCase();
    if (negated) set.negate();
    return set;
  }

  /** The end of the range that `low` begins, `low` itself when there is no range. */
  private rangeEnd(low: i32): i32 {
    const dash = this.peek == Char.Hyphen && this.at + 1 < this.codes.length;
    if (!dash || this.codes[this.at + 1] == Char.CloseBracket) return low;
    this.at++;
    const high = this.next();
    if (high != Char.Backslash) return high;
    return escapedChar(this, this.next());
  }

  /** A decimal number of up to 4 digits, -2 when there is none. */
  private number(): i32 {
    let value = 0;
    let digits = 0;
    while (isDigit(this.peek)) {
      value = min(value * 10 + this.next() - Char.Zero, 9999);
      digits++;
    }
    return digits == 0 ? -2 : value;
  }

  private bad(set: CharClass, error: string): CharClass {
    this.error = error;
    return set;
  }
}

/** Whether `\` with this letter is one of the classes `\d \D \s \S \w \W`. */
export function isPerlClass(code: i32): bool {
  const letter = code | 0x20;
  return letter == Char.LowerD || letter == Char.LowerS || letter == Char.LowerW;
}

/** The class that a letter of `isPerlClass` names. ASCII, as in RE2. */
export function perlClass(code: i32): CharClass {
  const set = new CharClass();
  const letter = code | 0x20;
  if (letter == Char.LowerS) {
    set.add(Char.Tab, Char.LineFeed);
    set.add(Char.FormFeed, Char.CarriageReturn);
    set.add(Char.Space, Char.Space);
  } else {
    set.add(Char.Zero, Char.Nine);
    if (letter == Char.LowerW) {
      set.add(Char.UpperA, Char.UpperZ);
      set.add(Char.Underscore, Char.Underscore);
      set.add(Char.LowerA, Char.LowerZ);
    }
  }
  if (code != letter) set.negate();
  return set;
}

/** The character that `\` and `code` (with what follows it) denote. */
export function escapedChar(scanner: Scanner, code: i32): i32 {
  switch (code) {
    case Char.LowerA: // \a
      return 0x07;
    case Char.LowerF: // \f
      return Char.FormFeed;
    case Char.LowerN: // \n
      return Char.LineFeed;
    case Char.LowerR: // \r
      return Char.CarriageReturn;
    case Char.LowerT: // \t
      return Char.Tab;
    case Char.LowerV: // \v
      return 0x0b;
    case Char.LowerX: // \x
      return hexChar(scanner);
    default:
      if (code >= 0 && code < 0x80 && (!isWord(code) || code == Char.Underscore)) return code;
      scanner.error = "invalid or unsupported escape sequence";
      return 0;
  }
}

/** `7F` or `{10FFFF}`. */
function hexChar(scanner: Scanner): i32 {
  const braced = scanner.take(Char.OpenBrace);
  const most = braced ? 6 : 2;
  let value = 0;
  let digits = 0;
  while (digits < most && hexDigit(scanner.peek) >= 0) {
    value = (value << 4) | hexDigit(scanner.next());
    digits++;
  }
  const complete = braced ? digits > 0 && scanner.take(Char.CloseBrace) : digits == 2;
  if (!complete || value > 0x10ffff) scanner.error = "invalid escape sequence";
  return value;
}

function hexDigit(code: i32): i32 {
  if (isDigit(code)) return code - Char.Zero;
  const place = (code | 0x20) - Char.LowerA;
  return place >= 0 && place < 6 ? place + 10 : -1;
}

function isDigit(code: i32): bool {
  return <u32>(code - Char.Zero) < 10;
}

/** Whether `code` is a letter of ASCII. */
export function isLetter(code: i32): bool {
  return <u32>((code | 0x20) - Char.LowerA) < 26;
}

/** Whether `code` is an ASCII letter, digit or underscore. */
export function isWord(code: i32): bool {
  return isLetter(code) || isDigit(code) || code == Char.Underscore;
}

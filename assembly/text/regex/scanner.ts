import { CharClass } from "./char-class";

/** Reads an expression code point by code point, and the parts of it that have a form of their own. */
export class Scanner {
  /** What is wrong; empty when nothing is. */
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

  /** `<name>` or `P<name>` behind `(?`; empty with `error` set when it is not one. */
  groupName(): string {
    this.take(0x50);
    let name = "";
    if (this.take(0x3c)) {
      while (isWord(this.peek)) name += String.fromCodePoint(this.next());
      if (name.length > 0 && this.take(0x3e)) return name;
    }
    this.error = "invalid group name";
    return "";
  }

  /** Reads the rest of `{m}`, `{m,}` or `{m,n}`; false, with nothing taken, when it is none. */
  bounds(): bool {
    const from = this.at;
    this.least = this.number();
    this.most = this.least;
    if (this.least >= 0 && this.take(0x2c)) this.most = this.peek == 0x7d ? -1 : this.number();
    else if (this.least < 0) this.most = -2;
    if (this.least >= 0 && this.most >= -1 && this.take(0x7d)) return true;
    this.at = from;
    return false;
  }

  /** The rest of `[…]`. `fold`: whether the case of letters does not matter. */
  bracketClass(fold: bool): CharClass {
    const set = new CharClass();
    const negated = this.take(0x5e);
    let first = true;
    while (first || this.peek != 0x5d) {
      if (this.done) return this.bad(set, "missing closing ]");
      first = false;
      let low = this.next();
      if (low == 0x5b && this.peek == 0x3a) return this.bad(set, "[: :] is not supported");
      if (low == 0x5c) {
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
    this.take(0x5d);
    if (fold) set.foldCase();
    if (negated) set.negate();
    return set;
  }

  /** The end of the range that `low` begins, `low` itself when there is no range. */
  private rangeEnd(low: i32): i32 {
    const dash = this.peek == 0x2d && this.at + 1 < this.codes.length;
    if (!dash || this.codes[this.at + 1] == 0x5d) return low;
    this.at++;
    const high = this.next();
    if (high != 0x5c) return high;
    return escapedChar(this, this.next());
  }

  /** A decimal number of up to 4 digits, -2 when there is none. */
  private number(): i32 {
    let value = 0;
    let digits = 0;
    while (this.peek >= 0x30 && this.peek <= 0x39) {
      value = min(value * 10 + this.next() - 0x30, 9999);
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
  return (letter == 0x64 || letter == 0x73 || letter == 0x77) && code >= 0x41;
}

/** The class that a letter of `isPerlClass` names. ASCII, as in RE2. */
export function perlClass(code: i32): CharClass {
  const set = new CharClass();
  const letter = code | 0x20;
  if (letter == 0x73) {
    set.add(0x09, 0x0a);
    set.add(0x0c, 0x0d);
    set.add(0x20, 0x20);
  } else {
    set.add(0x30, 0x39);
    if (letter == 0x77) {
      set.add(0x41, 0x5a);
      set.add(0x5f, 0x5f);
      set.add(0x61, 0x7a);
    }
  }
  if (code != letter) set.negate();
  return set;
}

/** The character that `\` and `code` (with what follows it) stand for. */
export function escapedChar(scanner: Scanner, code: i32): i32 {
  switch (code) {
    case 0x61: // \a
      return 0x07;
    case 0x66: // \f
      return 0x0c;
    case 0x6e: // \n
      return 0x0a;
    case 0x72: // \r
      return 0x0d;
    case 0x74: // \t
      return 0x09;
    case 0x76: // \v
      return 0x0b;
    case 0x78: // \x
      return hexChar(scanner);
    default:
      if (code >= 0 && code < 0x80 && (!isWord(code) || code == 0x5f)) return code;
      scanner.error = "invalid or unsupported escape sequence";
      return 0;
  }
}

/** `7F` or `{10FFFF}`. */
function hexChar(scanner: Scanner): i32 {
  const braced = scanner.take(0x7b);
  const most = braced ? 6 : 2;
  let value = 0;
  let digits = 0;
  while (digits < most && hexDigit(scanner.peek) >= 0) {
    value = (value << 4) | hexDigit(scanner.next());
    digits++;
  }
  const complete = braced ? digits > 0 && scanner.take(0x7d) : digits == 2;
  if (!complete || value > 0x10ffff) scanner.error = "invalid escape sequence";
  return value;
}

function hexDigit(code: i32): i32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Whether `code` is an ASCII letter, digit or underscore. */
export function isWord(code: i32): bool {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code == 0x5f;
}

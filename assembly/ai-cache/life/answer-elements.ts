import { Bytes } from "../../proxy-wasm/bytes";
import { isDigit, isLetter, toLower } from "../../match/text/characters";
import { sequenceLength } from "../../text/utf8";
import { Char } from "../../proxy-wasm/char";

/** Kinds of elements of an answer. */
export enum ElementKind {
  /** A word, or a pair of characters of a script without spaces. */
  Word,
  Number,
}

/** Digits of a list's numbers. */
const MARKER_DIGITS: usize = 3;
const SEED_WORD: u64 = 0x9e3779b97f4a7c15;
const SEED_PAIR: u64 = 0xc2b2ae3d27d4eb4f;
const SEED_NUMBER: u64 = 0x165667b19e3779f9;
const NOTHING: u32 = Char.Space;

/**
 * Reads an answer's text element by element: words in lower case, pairs of characters where words are not
 * separated by spaces, and numbers by their values. Numbers of list items do not count. Any bytes may be
 * read; invalid UTF-8 separates words.
 */
export class AnswerReader {
  kind: ElementKind = ElementKind.Word;
  /** Hash of the element. */
  hash: u64 = 0;
  /** Denials in the first sentence so far. */
  denials: i32 = 0;
  private p: usize = 0;
  private end: usize = 0;
  /** The code point at `p` and its length; 0 at the end. */
  private code: u32 = 0;
  private width: i32 = 0;
  /** The code point before, and the one before that. */
  private previous: u32 = NOTHING;
  private beforePrevious: u32 = NOTHING;
  /** Whether a list may begin here: at the start of a line or after the end of a clause. */
  private isOpen: bool = true;
  /** The number of the last list item, 0 when there was none. */
  private marker: i32 = 0;
  private isFirstSentence: bool = true;
  private hasElement: bool = false;

  /** Begins with a text. */
  open(text: Bytes): void {
    this.denials = 0;
    this.p = text.pointer;
    this.end = text.pointer + <usize>text.length;
    this.previous = NOTHING;
    this.beforePrevious = NOTHING;
    this.isOpen = true;
    this.marker = 0;
    this.isFirstSentence = true;
    this.hasElement = false;
    this.look();
  }

  /** Goes to the next element; false at the end. */
  next(): bool {
    while (this.width > 0) {
      const c = this.code;
      if (isDigit(c)) {
        if (this.skipMarker()) continue;
        this.readNumber();
        return this.found(ElementKind.Number);
      }
      if (isUnspaced(c)) {
        if (this.readPair()) return this.found(ElementKind.Word);
        continue;
      }
      if (isLetter(c)) {
        this.readWord();
        return this.found(ElementKind.Word);
      }
      this.part(c);
    }
    return false;
  }

  private found(kind: ElementKind): bool {
    this.kind = kind;
    this.isOpen = false;
    this.hasElement = true;
    return true;
  }

  /** Skips separators. */
  private part(c: u32): void {
    const isEnd = endsSentence(c);
    if (isEnd && this.hasElement) this.isFirstSentence = false;
    if (isEnd || c == Char.Colon || c == 0xff1a || c == Char.Semicolon || c == 0xff1b)
      this.isOpen = true;
    else if (!decoratesList(c)) this.isOpen = false;
    this.step();
  }

  private readWord(): void {
    let hash = SEED_WORD;
    let last: u32 = 0;
    let length = 0;
    let isDenial = false;
    while (this.width > 0 && isLetter(this.code) && !isUnspaced(this.code)) {
      const c = toLower(this.code);
      hash = fold(hash, c);
      length++;
      this.step();
      // n't
      if (isApostrophe(this.code)) {
        this.step();
        isDenial = c == Char.LowerN && (this.code | 0x20) == Char.LowerT;
      }
      last = c;
    }
    if (this.isFirstSentence && (isDenial || isDenialWord(hash, length, last))) this.denials++;
    this.hash = mix(hash);
  }

  /** Reads a character; false when its pair is not complete. */
  private readPair(): bool {
    const c = this.code;
    const previous = this.previous;
    if (this.isFirstSentence && isDenialCharacter(c)) this.denials++;
    this.step();
    if (isUnspaced(previous)) {
      this.hash = mix(fold(fold(SEED_PAIR, previous), c));
      return true;
    }
    if (this.width > 0 && isUnspaced(this.code)) return false;
    this.hash = mix(fold(SEED_PAIR, c));
    return true;
  }

  /** A number by its value: 1,000 is 1000, 05 is 5, 2.50 is 2.5. Parts of versions count. */
  private readNumber(): void {
    let hash = SEED_NUMBER;
    const isSigned = this.previous == Char.Hyphen || this.previous == 0x2212;
    const before = this.beforePrevious;
    if (isSigned && !isLetter(before) && !isDigit(before)) hash = fold(hash, 0x2d);
    let dots = 0;
    let zeros = 0;
    let isLeading = true;
    let hasDot = false;
    while (this.width > 0) {
      const c = this.code;
      if (isDigit(c)) {
        if (c == Char.Zero && (isLeading || dots > 0)) zeros++;
        else {
          if (dots > 0 && hasDot) hash = fold(hash, 0x2e);
          hasDot = false;
          if (dots > 0) for (; zeros > 0; zeros--) hash = fold(hash, 0x30);
          zeros = 0;
          hash = fold(hash, c);
          isLeading = false;
        }
        this.step();
      } else if (c == Char.Dot && isDigit(this.byteAt(1))) {
        if (dots > 0) {
          hash = fold(hash, 0x2e);
          for (; zeros > 0; zeros--) hash = fold(hash, 0x30);
        }
        zeros = 0;
        dots++;
        hasDot = true;
        isLeading = false;
        this.step();
      } else if (c == Char.Comma && dots == 0 && this.isThousands()) this.step();
      else break;
    }
    // 1.0.2 and 1.0.20 are two versions.
    if (dots > 1) {
      if (hasDot) hash = fold(hash, 0x2e);
      for (; zeros > 0; zeros--) hash = fold(hash, 0x30);
    }
    this.hash = mix(hash);
  }

  /** Whether three digits and no more follow a comma. */
  private isThousands(): bool {
    return (
      isDigit(this.byteAt(1)) &&
      isDigit(this.byteAt(2)) &&
      isDigit(this.byteAt(3)) &&
      !isDigit(this.byteAt(4))
    );
  }

  /** Passes the number of a list's entry, which is 1 or follows the one before. */
  private skipMarker(): bool {
    let value = 0;
    let digits: usize = 0;
    while (digits <= MARKER_DIGITS && isDigit(this.byteAt(digits))) {
      value = value * 10 + <i32>(this.byteAt(digits) - Char.Zero);
      digits++;
    }
    if (digits == 0 || digits > MARKER_DIGITS) return false;
    const isNext = this.marker > 0 && value == this.marker + 1;
    const isParted = this.isOpen || isBlank(this.previous) || isBracket(this.previous);
    if (!(isNext && isParted) && !(value == 1 && this.isOpen)) return false;
    let after = this.p + digits;
    const left = <i32>(this.end - after);
    const sign = codeAt(after, left);
    // . ) 、 ． ）
    const isSign =
      sign == Char.Dot ||
      sign == Char.CloseParenthesis ||
      sign == 0x3001 ||
      sign == 0xff0e ||
      sign == 0xff09;
    if (!isSign) return false;
    after += <usize>sequenceLength(after, left);
    if (after < this.end && isDigit(load<u8>(after))) return false;
    while (after < this.end && (load<u8>(after) == Char.Space || load<u8>(after) == Char.Tab))
      after++;
    // What stands alone is the answer.
    if (
      after >= this.end ||
      load<u8>(after) == Char.LineFeed ||
      load<u8>(after) == Char.CarriageReturn
    )
      return false;
    this.marker = value;
    this.p = after;
    this.previous = NOTHING;
    this.beforePrevious = NOTHING;
    this.look();
    return true;
  }

  /** The byte so far after the current one, 0 beyond the end. */
  private byteAt(offset: usize): u32 {
    return this.p + offset < this.end ? <u32>load<u8>(this.p + offset) : 0;
  }

  private step(): void {
    this.beforePrevious = this.previous;
    this.previous = this.code;
    this.p += <usize>max(this.width, 1);
    this.look();
  }

  private look(): void {
    const left = this.p < this.end ? <i32>(this.end - this.p) : 0;
    this.width = min(left, max(1, sequenceLength(this.p, left)));
    this.code = left > 0 ? codeAt(this.p, left) : 0;
  }
}

/** The code point at `p`, digits in ASCII; a byte that is not UTF-8 is a blank. */
function codeAt(p: usize, left: i32): u32 {
  const width = sequenceLength(p, left);
  if (width == 0) return NOTHING;
  const first = <u32>load<u8>(p);
  if (width == 1) return first;
  const second = (<u32>load<u8>(p, 1)) & 0x3f;
  if (width == 2) return ((first & 0x1f) << 6) | second;
  const third = (<u32>load<u8>(p, 2)) & 0x3f;
  if (width == 3) {
    const code = ((first & 0x0f) << 12) | (second << 6) | third;
    return code >= 0xff10 && code <= 0xff19 ? code - 0xff10 + Char.Zero : code;
  }
  const fourth = (<u32>load<u8>(p, 3)) & 0x3f;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
}

/** A letter of a script that is written without blanks between words. */
function isUnspaced(c: u32): bool {
  if (c < 0x0e00) return false;
  if (c < 0x0f00) return true; // Thai, Lao
  if (c >= 0x1000 && c <= 0x109f) return true; // Burmese
  if (c >= 0x1780 && c <= 0x17ff) return true; // Khmer
  if (c >= 0x3041 && c <= 0x30ff) return c != 0x30fb; // kana
  if (c >= 0x3400 && c <= 0x9fff) return true;
  return (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

function isBlank(c: u32): bool {
  return (
    c == Char.Space ||
    c == Char.Tab ||
    c == Char.LineFeed ||
    c == Char.CarriageReturn ||
    c == 0x3000
  );
}

/** ( （ */
function isBracket(c: u32): bool {
  return c == Char.OpenParenthesis || c == 0xff08;
}

function isApostrophe(c: u32): bool {
  return c == Char.Apostrophe || c == 0x2019;
}

/** . ! ? line feed 。 ！ ？ */
function endsSentence(c: u32): bool {
  return (
    c == Char.Dot ||
    c == Char.Exclamation ||
    c == Char.Question ||
    c == Char.LineFeed ||
    c == 0x3002 ||
    c == 0xff01 ||
    c == 0xff1f
  );
}

/** What may appear before a list's number: blanks, # * - > ( • （ */
function decoratesList(c: u32): bool {
  return (
    isBlank(c) ||
    c == Char.Hash ||
    c == Char.Star ||
    c == Char.Hyphen ||
    c == Char.Greater ||
    c == 0x2022 ||
    isBracket(c)
  );
}

/** 不 没 否 非 无 未 */
function isDenialCharacter(c: u32): bool {
  return c == 0x4e0d || c == 0x6ca1 || c == 0x5426 || c == 0x975e || c == 0x65e0 || c == 0x672a;
}

const NO = hashOf("no");
const NOT = hashOf("not");
const NEVER = hashOf("never");
const NONE = hashOf("none");
const CANNOT = hashOf("cannot");

function isDenialWord(hash: u64, length: i32, last: u32): bool {
  if (length < 2 || length > 6) return false;
  // o t r e
  if (last != Char.LowerO && last != Char.LowerT && last != Char.LowerR && last != Char.LowerE)
    return false;
  return hash == NO || hash == NOT || hash == NEVER || hash == NONE || hash == CANNOT;
}

function hashOf(word: string): u64 {
  let hash = SEED_WORD;
  for (let i = 0; i < word.length; i++) hash = fold(hash, <u32>word.charCodeAt(i));
  return hash;
}

function fold(hash: u64, code: u32): u64 {
  return (hash ^ (<u64>code)) * 0x100000001b3;
}

/** The finaliser of MurmurHash3. */
function mix(hash: u64): u64 {
  let h = hash ^ (hash >> 33);
  h *= 0xff51afd7ed558ccd;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}

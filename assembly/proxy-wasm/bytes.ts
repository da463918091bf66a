import { nextByte } from "./byte-scan";
import { compareMemory } from "./compare";
import { noteAllocated } from "./memory";
import { Char } from "./char";

const NO_BYTES = new ArrayBuffer(0);
/** Size of an object of this class; a request may create many. */
const OBJECT_BYTES: usize = 32;

/**
 * An immutable range of bytes: the currency of the data path. Ranges share their buffer, so that a slice
 * costs one small object and no copy. Every read is checked; out of range it returns 0 or an empty range.
 */
export class Bytes {
  private constructor(
    private readonly buffer: ArrayBuffer,
    private readonly start: i32,
    readonly length: i32,
  ) {
    noteAllocated(OBJECT_BYTES);
  }

  /** The empty range. */
  static empty(): Bytes {
    return EMPTY;
  }

  /** The whole of `buffer`, without a copy. The caller must not write to it afterwards. */
  static wrap(buffer: ArrayBuffer): Bytes {
    return new Bytes(buffer, 0, buffer.byteLength);
  }

  /** The first `length` bytes of `buffer`, or all of it when it is shorter. */
  static wrapPrefix(buffer: ArrayBuffer, length: i32): Bytes {
    return new Bytes(buffer, 0, max(0, min(length, buffer.byteLength)));
  }

  /** The UTF-8 form of `text`; a lone surrogate becomes U+FFFD. */
  static of(text: string): Bytes {
    return Bytes.wrap(String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE));
  }

  /** Address of the first byte. Valid while this object is reachable. */
  get pointer(): usize {
    return changetype<usize>(this.buffer) + <usize>this.start;
  }

  /** Byte `index`, or 0 when it is out of range. */
  at(index: i32): u8 {
    if (<u32>index >= <u32>this.length) return 0;
    return load<u8>(this.pointer + <usize>index);
  }

  /** The range `[from, to)`, clamped to this one. */
  slice(from: i32, to: i32 = i32.MAX_VALUE): Bytes {
    const first = max(0, min(from, this.length));
    const last = max(first, min(to, this.length));
    if (last - first == this.length) return this;
    return new Bytes(this.buffer, this.start + first, last - first);
  }

  /** Whether both ranges hold the same bytes. */
  equals(other: Bytes): bool {
    if (this.length != other.length) return false;
    return compareMemory(this.pointer, other.pointer, this.length) == 0;
  }

  /** Whether one of `list` holds the same bytes. */
  isIn(list: Bytes[]): bool {
    for (let i = 0; i < list.length; i++) {
      if (list[i].equals(this)) return true;
    }
    return false;
  }

  /** The same, ignoring the case of ASCII letters. */
  isInIgnoringCase(list: Bytes[]): bool {
    for (let i = 0; i < list.length; i++) {
      if (list[i].equalsIgnoreCase(this)) return true;
    }
    return false;
  }

  /** Whether both ranges hold the same bytes, ignoring the case of ASCII letters. */
  equalsIgnoreCase(other: Bytes): bool {
    if (this.length != other.length) return false;
    const a = this.pointer;
    const b = other.pointer;
    for (let i: usize = 0, n = <usize>this.length; i < n; i++) {
      if (lower(load<u8>(a + i)) != lower(load<u8>(b + i))) return false;
    }
    return true;
  }

  /** A copy with ASCII letters in lower case. */
  toLowerCase(): Bytes {
    const copy = this.copy();
    const p = copy.pointer;
    for (let i: usize = 0, n = <usize>copy.length; i < n; i++) {
      store<u8>(p + i, lower(load<u8>(p + i)));
    }
    return copy;
  }

  /** Whether this range begins with `prefix`. */
  startsWith(prefix: Bytes): bool {
    return (
      this.length >= prefix.length &&
      compareMemory(this.pointer, prefix.pointer, prefix.length) == 0
    );
  }

  /** Whether this range begins with one of `prefixes`, none of which is empty. */
  startsWithOneOf(prefixes: Bytes[]): bool {
    if (this.length == 0) return false;
    const first = load<u8>(this.pointer);
    for (let i = 0; i < prefixes.length; i++) {
      const prefix = prefixes[i];
      // Most differ in the first byte.
      if (load<u8>(prefix.pointer) == first && this.startsWith(prefix)) return true;
    }
    return false;
  }

  /** Whether this range ends with `suffix`. */
  endsWith(suffix: Bytes): bool {
    const from = this.length - suffix.length;
    return (
      from >= 0 && compareMemory(this.pointer + <usize>from, suffix.pointer, suffix.length) == 0
    );
  }

  /** Index of the first `byte` at or after `from`, or −1. */
  indexOf(byte: u8, from: i32 = 0): i32 {
    const length = this.length;
    const at = nextByte(this.pointer, max(from, 0), length, byte);
    return at < length ? at : -1;
  }

  /** Index of the last `byte`, or −1. */
  lastIndexOf(byte: u8): i32 {
    const p = this.pointer;
    for (let i = this.length - 1; i >= 0; i--) {
      if (load<u8>(p + <usize>i) == byte) return i;
    }
    return -1;
  }

  /**
   * Index of the first occurrence of `needle` at or after `from`, or −1. An empty needle is found
   * at once.
   */
  find(needle: Bytes, from: i32 = 0): i32 {
    const last = this.length - needle.length;
    if (needle.length == 0) return max(from, 0) <= this.length ? max(from, 0) : -1;
    const first = needle.at(0);
    let i = this.indexOf(first, from);
    while (i >= 0 && i <= last) {
      if (compareMemory(this.pointer + <usize>i, needle.pointer, needle.length) == 0) {
        return i;
      }
      i = this.indexOf(first, i + 1);
    }
    return -1;
  }

  /** The first bytes, `most` at most, without a truncated UTF-8 character at the end. */
  clip(most: i32): Bytes {
    if (this.length <= most) return this;
    let end = most;
    while (end > 0 && (this.at(end) & 0xc0) == 0x80) end--;
    return this.slice(0, end);
  }

  /** This range without ASCII blanks (space, tab, CR, LF) at either end. */
  trim(): Bytes {
    let from = 0;
    let to = this.length;
    while (from < to && isBlank(this.at(from))) from++;
    while (to > from && isBlank(this.at(to - 1))) to--;
    return this.slice(from, to);
  }

  /**
   * The value at `at` that `ByteWriter.framed` wrote, its length in four bytes before it; null when
   * it does not fit.
   */
  framedAt(at: i32): Bytes | null {
    if (at < 0 || at > this.length - 4) return null;
    const length = load<u32>(this.pointer + <usize>at);
    if (<i64>length > <i64>(this.length - at - 4)) return null;
    return this.slice(at + 4, at + 4 + <i32>length);
  }

  /** Order by unsigned bytes: negative, zero or positive. */
  compareTo(other: Bytes): i32 {
    const n = min(this.length, other.length);
    const order = compareMemory(this.pointer, other.pointer, n);
    return order != 0 ? order : this.length - other.length;
  }

  /** A copy with a buffer of its own, so that a small slice does not keep a large body alive. */
  copy(): Bytes {
    noteAllocated(<usize>this.length);
    const buffer = new ArrayBuffer(this.length);
    memory.copy(changetype<usize>(buffer), this.pointer, <usize>this.length);
    return Bytes.wrap(buffer);
  }

  /**
   * The text of these UTF-8 bytes. Lossy for invalid UTF-8; for names, keys and log texts, not for
   * bodies.
   */
  toString(): string {
    return String.UTF8.decodeUnsafe(this.pointer, <usize>this.length);
  }
}

const EMPTY = Bytes.wrap(NO_BYTES);

function lower(byte: u8): u8 {
  return byte >= Char.UpperA && byte <= Char.UpperZ ? byte | 0x20 : byte;
}

function isBlank(byte: u8): bool {
  return (
    byte == Char.Space || byte == Char.Tab || byte == Char.LineFeed || byte == Char.CarriageReturn
  );
}

import { Bytes } from "./bytes";
import { newBlock } from "./memory";
import { Char } from "./char";

/**
 * A growable byte buffer. Appending is amortised O(1); nothing is copied when the result is taken.
 */
export class ByteWriter {
  private buffer: ArrayBuffer;
  private used: i32 = 0;

  /** `capacity`: bytes expected; the buffer grows beyond it by doubling. */
  constructor(capacity: i32 = 64) {
    this.buffer = newBlock(max(capacity, 16));
  }

  /** Bytes written so far. */
  get length(): i32 {
    return this.used;
  }

  /** The byte written last; 0 if there is none. */
  get last(): u8 {
    return this.used > 0 ? load<u8>(changetype<usize>(this.buffer) + <usize>this.used - 1) : 0;
  }

  /** Appends one byte. */
  byte(value: u8): ByteWriter {
    if (this.used == this.buffer.byteLength) this.grow(1);
    store<u8>(changetype<usize>(this.buffer) + <usize>this.used, value);
    this.used++;
    return this;
  }

  /** Appends a range. */
  bytes(value: Bytes): ByteWriter {
    return this.memory(value.pointer, value.length);
  }

  /** Appends `length` bytes from `pointer`. */
  memory(pointer: usize, length: i32): ByteWriter {
    if (length <= 0) return this;
    this.reserve(length);
    memory.copy(changetype<usize>(this.buffer) + <usize>this.used, pointer, <usize>length);
    this.used += length;
    return this;
  }

  /** Appends the UTF-8 form of `value`. Meant for short texts. */
  text(value: string): ByteWriter {
    return this.bytes(Bytes.of(value));
  }

  /** Reserves `length` bytes, which the caller writes at once; returns their address. */
  take(length: i32): usize {
    this.reserve(length);
    const at = changetype<usize>(this.buffer) + <usize>this.used;
    this.used += length;
    return at;
  }

  /**
   * Takes back what was written after the first `length` bytes. What `toBytes` gave may change with what
   * follows.
   */
  shorten(length: i32): void {
    this.used = max(0, min(length, this.used));
  }

  /** Appends `value` in decimal digits. */
  decimal(value: u64): ByteWriter {
    let divisor: u64 = 1;
    while (value / divisor >= 10) divisor *= 10;
    while (divisor > 0) {
      this.byte(Char.Zero + <u8>((value / divisor) % 10));
      divisor /= 10;
    }
    return this;
  }

  /** Appends `value` as `width` little-endian bytes (1 to 8). */
  uint(value: u64, width: i32): ByteWriter {
    this.reserve(8);
    store<u64>(changetype<usize>(this.buffer) + <usize>this.used, value);
    this.used += max(0, min(width, 8));
    return this;
  }

  /**
   * Appends a 32-bit little-endian length and the range: an encoding in which different lists of values are
   * never equal.
   */
  framed(value: Bytes): ByteWriter {
    return this.uint(<u64>value.length, 4).bytes(value);
  }

  /** Begins a range as `framed` writes one; returns the argument for `endFrame`. */
  beginFrame(): i32 {
    return this.uint(0, 4).used;
  }

  /** Ends a range and writes its length. */
  endFrame(from: i32): void {
    if (from < 4 || from > this.used) return;
    store<u32>(changetype<usize>(this.buffer) + <usize>from - 4, <u32>(this.used - from));
  }

  /** Capacity for what is written next, if it is about as much as this. */
  get roomForNext(): i32 {
    return this.used + (this.used >> 2) + 32;
  }

  /** What has been written. More may be appended afterwards; the returned range does not change. */
  toBytes(): Bytes {
    return Bytes.wrapPrefix(this.buffer, this.used);
  }

  private reserve(extra: i32): void {
    if (this.used + extra > this.buffer.byteLength) this.grow(extra);
  }

  private grow(extra: i32): void {
    const needed = this.used + extra;
    const capacity = this.buffer.byteLength;
    const grown = newBlock(max(needed, capacity << 1));
    memory.copy(changetype<usize>(grown), changetype<usize>(this.buffer), <usize>this.used);
    this.buffer = grown;
  }
}

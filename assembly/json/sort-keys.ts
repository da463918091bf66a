import { ByteWriter } from "../proxy-wasm/byte-writer";
import { compareMemory } from "../proxy-wasm/compare";
import { JsonDocument } from "./document";
import { writeUnescaped } from "./unescape";

/** Objects up to this size are sorted by insertion. */
const FEW: i32 = 12;

/**
 * Sorts the key nodes `nodes[base…]` by their unescaped bytes. False when two are equal; then the
 * order is not complete. A merge sort: it has no worst case that a client could aim for, and each key
 * is unescaped once.
 */
export function sortKeys(document: JsonDocument, nodes: i32[], base: i32): bool {
  const count = nodes.length - base;
  if (count < 2) return true;
  const keys = count <= FEW ? few : new KeyList(count);
  keys.take(document, nodes, base);
  const isFine = count <= FEW ? insertionSort(keys, nodes, base) : mergeSort(keys, nodes, base);
  keys.release();
  return isFine;
}

function mergeSort(keys: KeyList, nodes: i32[], base: i32): bool {
  const count = nodes.length - base;
  let from = new StaticArray<i32>(count);
  let to = new StaticArray<i32>(count);
  for (let i = 0; i < count; i++) unchecked((from[i] = i));
  for (let width = 1; width < count; width <<= 1) {
    for (let low = 0; low < count; low += width << 1) {
      if (!mergeRuns(keys, from, to, low, min(low + width, count), min(low + 2 * width, count))) {
        return false;
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  const sorted = to;
  for (let i = 0; i < count; i++) unchecked((sorted[i] = nodes[base + unchecked(from[i])]));
  for (let i = 0; i < count; i++) nodes[base + i] = unchecked(sorted[i]);
  return true;
}

function insertionSort(keys: KeyList, nodes: i32[], base: i32): bool {
  const count = nodes.length - base;
  for (let i = 1; i < count; i++) {
    for (let j = i; j > 0; j--) {
      const order = keys.compare(j - 1, j);
      if (order == 0) return false;
      if (order < 0) break;
      keys.swap(j - 1, j);
      const node = nodes[base + j];
      nodes[base + j] = nodes[base + j - 1];
      nodes[base + j - 1] = node;
    }
  }
  return true;
}

/** Merges two adjacent sorted runs; false when they have a key in common. */
function mergeRuns(
  keys: KeyList,
  from: StaticArray<i32>,
  to: StaticArray<i32>,
  low: i32,
  middle: i32,
  high: i32,
): bool {
  let a = low;
  let b = middle;
  for (let at = low; at < high; at++) {
    let order = a < middle ? -1 : 1;
    if (a < middle && b < high) {
      order = keys.compare(unchecked(from[a]), unchecked(from[b]));
      if (order == 0) return false;
    }
    unchecked((to[at] = order < 0 ? from[a++] : from[b++]));
  }
  return true;
}

/** Where the unescaped bytes of each key are. */
class KeyList {
  private readonly starts: StaticArray<usize>;
  private readonly lengths: StaticArray<i32>;
  /** Keeps the unescaped keys alive, into which `starts` points; nothing reads it. */
  protected unescaped: ByteWriter | null = null;

  /** `capacity`: number of keys. */
  constructor(readonly capacity: i32) {
    this.starts = new StaticArray<usize>(capacity);
    this.lengths = new StaticArray<i32>(capacity);
  }

  /** Takes the keys `nodes[base…]`, replacing the previous ones. */
  take(document: JsonDocument, nodes: i32[], base: i32): void {
    const count = min(nodes.length - base, this.capacity);
    const source = document.source.pointer;
    let size = 0;
    for (let i = 0; i < count; i++) {
      const node = nodes[base + i];
      const start = document.start(node);
      const length = document.end(node) - start;
      if (document.hasEscapes(node)) size += length;
      unchecked((this.starts[i] = source + <usize>start));
      unchecked((this.lengths[i] = length));
    }
    if (size > 0) this.unescape(document, nodes, base, size);
  }

  /** Forgets the keys. */
  release(): void {
    this.unescaped = null;
  }

  /** `size`: of all that is to be unescaped; it does not grow, so that the buffer stays in place. */
  private unescape(document: JsonDocument, nodes: i32[], base: i32, size: i32): void {
    const out = new ByteWriter(size);
    const buffer = out.toBytes().pointer;
    for (let i = base; i < nodes.length; i++) {
      if (!document.hasEscapes(nodes[i])) continue;
      const before = out.length;
      writeUnescaped(out, this.starts[i - base], this.lengths[i - base]);
      this.starts[i - base] = buffer + <usize>before;
      this.lengths[i - base] = out.length - before;
    }
    this.unescaped = out;
  }

  /** Order of two keys. */
  compare(a: i32, b: i32): i32 {
    const aLength = unchecked(this.lengths[a]);
    const bLength = unchecked(this.lengths[b]);
    const shorter = min(aLength, bLength);
    const order = compareMemory(unchecked(this.starts[a]), unchecked(this.starts[b]), shorter);
    return order != 0 ? order : aLength - bLength;
  }

  swap(a: i32, b: i32): void {
    const start = this.starts[a];
    const length = this.lengths[a];
    this.starts[a] = this.starts[b];
    this.lengths[a] = this.lengths[b];
    this.starts[b] = start;
    this.lengths[b] = length;
  }
}

/** For objects with few members, the most frequent ones. */
const few = new KeyList(FEW);

import { Bytes } from "../proxy-wasm/bytes";
import { compareMemory } from "../proxy-wasm/compare";
import { newBlock } from "../proxy-wasm/memory";
import { markOf, meansKey } from "./unescape";

/** Most nodes (values and keys) of a document: 16 bytes of memory each. */
export const MAX_NODES: i32 = 1 << 20;

/*
 * Layout of a node, little-endian:
 *
 *   0        4        8        12       16
 *   | kind   | start  | end    | next   |
 *
 * kind:  bits 0–7 the kind, bit 8 set for a string with escapes, from bit 9 on the number of children of an array or
 *        object (members count once, though key and value are two nodes), or the mark of a key with escapes, by which
 *        keys are distinguished without reading escapes again.
 * start, end: byte range of the token; for strings without the quotes.
 * next:  index of the first node after this one and all it contains; the highest bit is set for the last element of an
 *        array and the value of the last member of an object.
 */
const NODE: usize = 16;
/** Nodes that there is room for at first. */
const FIRST_NODES: i32 = 128;
const ESCAPED: u32 = 1 << 8;
const COUNT_SHIFT: u32 = 9;
const KIND_MASK: u32 = 0xff;
const LAST: u32 = 1 << 31;

/** No key has it. */
const NO_MARK: u32 = u32.MAX_VALUE;

const START: usize = 4;
const END: usize = 8;
const NEXT: usize = 12;

/**
 * The nodes of a JSON document in document order. Reading a node that does not exist gives zeros.
 */
export class NodeList {
  private nodes: ArrayBuffer;
  private count: i32 = 0;

  /** `expected`: number of nodes that a text of many would have; the list grows beyond it by doubling. */
  constructor(private readonly expected: i32) {
    // A large text may be one long string.
    this.nodes = newBlock(max(16, min(expected, FIRST_NODES)) * <i32>NODE);
  }

  /** Number of nodes. */
  get length(): i32 {
    return this.count;
  }

  /** Forgets all nodes and keeps their memory. */
  clear(): void {
    this.count = 0;
  }

  /** Appends a node; −1 when there are too many. `mark`: of a string with escapes, −1 for one without. */
  add(kind: i32, start: i32, end: i32, mark: i32 = -1): i32 {
    const node = this.count;
    if (node >= MAX_NODES) return -1;
    if ((<usize>node + 1) * NODE > <usize>this.nodes.byteLength) this.grow();
    this.count = node + 1;
    const form = mark < 0 ? 0 : ESCAPED | ((<u32>mark) << COUNT_SHIFT);
    this.put(node, 0, (<u32>kind) | form);
    this.put(node, START, <u32>start);
    this.put(node, END, <u32>end);
    this.put(node, NEXT, <u32>(node + 1));
    return node;
  }

  /** Ends an array or object at byte `end`: all nodes added since belong to it. `last`: its last value, if any. */
  close(node: i32, end: i32, last: i32): void {
    this.put(node, END, <u32>end);
    this.put(node, NEXT, <u32>this.count);
    if (last > node) this.put(last, NEXT, this.get(last, NEXT) | LAST);
  }

  /** Counts one more child of an array or object. */
  countChild(node: i32): void {
    this.put(node, 0, this.get(node, 0) + (1 << COUNT_SHIFT));
  }

  kind(node: i32): i32 {
    return <i32>(this.get(node, 0) & KIND_MASK);
  }

  size(node: i32): i32 {
    const word = this.get(node, 0);
    return (word & ESCAPED) != 0 ? 0 : <i32>(word >> COUNT_SHIFT);
  }

  /** The mark of a string with escapes. */
  mark(node: i32): u32 {
    return this.get(node, 0) >> COUNT_SHIFT;
  }

  start(node: i32): i32 {
    return <i32>this.get(node, START);
  }

  end(node: i32): i32 {
    return <i32>this.get(node, END);
  }

  next(node: i32): i32 {
    return <i32>(this.get(node, NEXT) & ~LAST);
  }

  /** The next element after one, or the next key after a value; −1 after the last. */
  after(node: i32): i32 {
    const next = <i32>this.get(node, NEXT);
    return node >= 0 && next > node ? next : -1;
  }

  isEscaped(node: i32): bool {
    return (this.get(node, 0) & ESCAPED) != 0;
  }

  /**
   * The value of the last of `members` members, which begin at node `first`, whose key is `key`; −1 when
   * there is none. `text`: address of what was parsed. The most frequent question about requests, hence no
   * call per member. Of keys with escapes that have the mark of `key` only the last one is read, unless
   * `isStrict` says to read each.
   */
  findMember(first: i32, members: i32, text: usize, key: Bytes, isStrict: bool = false): i32 {
    const base = changetype<usize>(this.nodes);
    const length = <u32>key.length;
    const initial = <u32>key.at(0);
    let mark = NO_MARK;
    let found = -1;
    let isRead: bool = true;
    let name = first;
    for (let left = members; left > 0 && name + 1 < this.count; left--) {
      const node = base + <usize>name * NODE;
      const word = load<u32>(node);
      const start = load<u32>(node, START);
      const size = load<u32>(node, END) - start;
      if ((word & ESCAPED) != 0) {
        if (mark == NO_MARK) mark = markOf(key.pointer, key.length, false);
        if (
          word >> COUNT_SHIFT == mark &&
          (!isStrict || meansKey(text + <usize>start, <i32>size, key))
        ) {
          found = name + 1;
          isRead = isStrict;
        }
      } else if (size == length && (length == 0 || <u32>load<u8>(text + <usize>start) == initial)) {
        if (compareMemory(text + <usize>start, key.pointer, <i32>size) == 0) {
          found = name + 1;
          isRead = true;
        }
      }
      name = <i32>(load<u32>(node + NODE, NEXT) & ~LAST);
    }
    if (isRead) return found;
    const start = this.start(found - 1);
    const isMeant = meansKey(text + <usize>start, this.end(found - 1) - start, key);
    return isMeant ? found : this.findMember(first, members, text, key, true);
  }

  private get(node: i32, offset: usize): u32 {
    if (<u32>node >= <u32>this.count) return 0;
    return load<u32>(changetype<usize>(this.nodes) + <usize>node * NODE + offset);
  }

  private put(node: i32, offset: usize, value: u32): void {
    if (<u32>node >= <u32>this.count) return;
    store<u32>(changetype<usize>(this.nodes) + <usize>node * NODE + offset, value);
  }

  private grow(): void {
    const size = this.nodes.byteLength;
    const grown = newBlock(max(size << 1, this.expected * <i32>NODE));
    memory.copy(changetype<usize>(grown), changetype<usize>(this.nodes), <usize>size);
    this.nodes = grown;
  }
}

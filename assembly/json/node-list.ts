import { Bytes } from "../proxy-wasm/bytes";
import { compareMemory } from "../proxy-wasm/compare";
import { noteAllocated } from "../proxy-wasm/memory";
import { meansKey } from "./unescape";

/** Most nodes (values and keys) of a document: 16 bytes of memory each. */
export const MAX_NODES: i32 = 1 << 20;

/*
 * Layout of a node, little-endian:
 *
 *   0        4        8        12       16
 *   | kind   | start  | end    | next   |
 *
 * kind:  bits 0–7 the kind, bit 8 set for a string with escapes, from bit 9 on the number of children of an array or object
 *        (members count once, though key and value are two nodes).
 * start, end: byte range of the token; for strings without the quotes.
 * next:  index of the first node behind this one and all it contains.
 */
const NODE: usize = 16;
const ESCAPED: u32 = 1 << 8;
const COUNT_SHIFT: u32 = 9;
const KIND_MASK: u32 = 0xff;

const START: usize = 4;
const END: usize = 8;
const NEXT: usize = 12;

/**
 * The nodes of a JSON document in document order. Reading a node that does not exist gives zeros.
 */
export class NodeList {
  private nodes: ArrayBuffer;
  private count: i32 = 0;

  /** `expected`: number of nodes to make room for; the list grows beyond it by doubling. */
  constructor(expected: i32) {
    this.nodes = new ArrayBuffer(max(expected, 16) * <i32>NODE);
    noteAllocated(<usize>this.nodes.byteLength);
  }

  /** Number of nodes. */
  get length(): i32 {
    return this.count;
  }

  /** Forgets all nodes and keeps their memory. */
  clear(): void {
    this.count = 0;
  }

  /** Appends a node; −1 when there are too many. */
  add(kind: i32, start: i32, end: i32, escaped: bool = false): i32 {
    const node = this.count;
    if (node >= MAX_NODES) return -1;
    if ((<usize>node + 1) * NODE > <usize>this.nodes.byteLength) this.grow();
    this.count = node + 1;
    this.put(node, 0, (<u32>kind) | (escaped ? ESCAPED : 0));
    this.put(node, START, <u32>start);
    this.put(node, END, <u32>end);
    this.put(node, NEXT, <u32>(node + 1));
    return node;
  }

  /** Ends an array or object at byte `end`: all nodes added since belong to it. */
  close(node: i32, end: i32): void {
    this.put(node, END, <u32>end);
    this.put(node, NEXT, <u32>this.count);
  }

  /** Counts one more child of an array or object. */
  countChild(node: i32): void {
    this.put(node, 0, this.get(node, 0) + (1 << COUNT_SHIFT));
  }

  kind(node: i32): i32 {
    return <i32>(this.get(node, 0) & KIND_MASK);
  }

  size(node: i32): i32 {
    return <i32>(this.get(node, 0) >> COUNT_SHIFT);
  }

  start(node: i32): i32 {
    return <i32>this.get(node, START);
  }

  end(node: i32): i32 {
    return <i32>this.get(node, END);
  }

  next(node: i32): i32 {
    return <i32>this.get(node, NEXT);
  }

  isEscaped(node: i32): bool {
    return (this.get(node, 0) & ESCAPED) != 0;
  }

  /**
   * The value of the last of `members` members, which begin at node `first`, whose key is `key`; −1
   * when there is none. `text`: address of what was parsed. What requests are asked most: no call for
   * each member.
   */
  findMember(first: i32, members: i32, text: usize, key: Bytes): i32 {
    const base = changetype<usize>(this.nodes);
    const length = <u32>key.length;
    const initial = <u32>key.at(0);
    let found = -1;
    let name = first;
    for (; members > 0 && name + 1 < this.count; members--) {
      const node = base + <usize>name * NODE;
      const start = load<u32>(node, START);
      const size = load<u32>(node, END) - start;
      if ((load<u32>(node) & ESCAPED) != 0) {
        if (meansKey(text + <usize>start, <i32>size, key)) found = name + 1;
      } else if (size == length && (length == 0 || <u32>load<u8>(text + <usize>start) == initial)) {
        if (compareMemory(text + <usize>start, key.pointer, <i32>size) == 0) found = name + 1;
      }
      name = <i32>load<u32>(node + NODE, NEXT);
    }
    return found;
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
    const grown = new ArrayBuffer(size << 1);
    noteAllocated(<usize>grown.byteLength);
    memory.copy(changetype<usize>(grown), changetype<usize>(this.nodes), <usize>size);
    this.nodes = grown;
  }
}

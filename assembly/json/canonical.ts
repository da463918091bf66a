import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";
import { sortKeys } from "./sort-keys";
import { writeUnescaped } from "./unescape";
import { Char } from "../proxy-wasm/char";

const NOTHING: Bytes[] = [];
const NO_NODES: i32[] = [];

/**
 * Writes values in a canonical form that is equal exactly for equal JSON: the order of members, white space
 * and escapes do not matter, everything else does (including the spelling of numbers). Each value is a tag
 * and length-prefixed content, so that different values never have the same form. An object with a repeated
 * key has no form, because readers disagree about it.
 */
export class CanonicalWriter {
  private readonly members: i32[] = [];
  private excluded: Bytes[] = NOTHING;
  private replaced: i32[] = NO_NODES;

  constructor(private readonly document: JsonDocument) {}

  /** Leaves out member `key` of the written value (not of the values inside it). */
  exclude(key: Bytes): void {
    this.excluded = this.excluded.concat([key]);
  }

  /** Leaves out all members with these keys, in place of those that were named before. */
  excludeAll(keys: Bytes[]): void {
    this.excluded = keys;
  }

  /** Writes a mark in place of the value at each of these nodes, which are in ascending order. */
  replaceAll(nodes: i32[]): void {
    this.replaced = nodes;
  }

  /**
   * Appends the form of the value at `root`. False when an object in it repeats a key; the output
   * is then useless.
   *
   * Iterative. `members` is a stack of the nodes still to be written; of an object that is the key
   * nodes in order, each followed by its value.
   */
  write(root: i32, out: ByteWriter): bool {
    const document = this.document;
    const pending = this.members;
    pending.length = 0;
    if (document.kind(root) == Kind.Object) {
      if (!this.openObject(root, out, this.excluded)) return false;
    } else {
      pending.push(root);
    }
    while (pending.length > 0) {
      const node = pending.pop();
      if (node < 0) {
        // A key was pushed as its complement: write it and continue with its value.
        this.writeText(~node, out);
        pending.push(~node + 1);
        continue;
      }
      if (this.isReplaced(node)) {
        out.byte(Char.Question);
        continue;
      }
      switch (document.kind(node)) {
        case Kind.Object:
          if (!this.openObject(node, out, NOTHING)) return false;
          break;
        case Kind.Array:
          this.openArray(node, out);
          break;
        case Kind.String:
          this.writeText(node, out.byte(Char.Quote));
          break;
        default:
          writeToken(document, node, out.byte(Char.Hash));
      }
    }
    return true;
  }

  /** The unescaped text with its length. */
  private writeText(node: i32, out: ByteWriter): void {
    const document = this.document;
    if (!document.hasEscapes(node)) {
      writeToken(document, node, out);
      return;
    }
    const start = document.start(node);
    const frame = out.beginFrame();
    writeUnescaped(out, document.source.pointer + <usize>start, document.end(node) - start);
    out.endFrame(frame);
  }

  /** Binary search: a request may replace many nodes. */
  private isReplaced(node: i32): bool {
    let from = 0;
    let to = this.replaced.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const found = this.replaced[middle];
      if (found == node) return true;
      if (found < node) from = middle + 1;
      else to = middle;
    }
    return false;
  }

  private openArray(node: i32, out: ByteWriter): void {
    const size = this.document.size(node);
    out.byte(Char.OpenBracket).uint(<u64>size, 4);
    const base = this.members.length;
    for (let child = this.document.first(node); child >= 0; child = this.document.after(child)) {
      this.members.push(child);
    }
    reverse(this.members, base);
  }

  private openObject(node: i32, out: ByteWriter, excluded: Bytes[]): bool {
    const document = this.document;
    const base = this.members.length;
    for (let key = document.first(node); key >= 0; key = document.after(key + 1)) {
      if (!this.isExcluded(key, excluded)) this.members.push(key);
    }
    const count = this.members.length - base;
    out.byte(Char.OpenBrace).uint(<u64>count, 4);
    if (!sortKeys(document, this.members, base)) return false;
    reverse(this.members, base);
    for (let i = base; i < this.members.length; i++) this.members[i] = ~this.members[i];
    return true;
  }

  private isExcluded(key: i32, excluded: Bytes[]): bool {
    for (let i = 0; i < excluded.length; i++) {
      if (this.document.keyEquals(key, excluded[i])) return true;
    }
    return false;
  }
}

/** The token as written in the text, strings without their quotes, with its length. */
function writeToken(document: JsonDocument, node: i32, out: ByteWriter): void {
  const start = document.start(node);
  const length = document.end(node) - start;
  out.uint(<u64>length, 4).memory(document.source.pointer + <usize>start, length);
}

function reverse(nodes: i32[], from: i32): void {
  for (let i = from, j = nodes.length - 1; i < j; i++, j--) {
    const node = nodes[i];
    nodes[i] = nodes[j];
    nodes[j] = node;
  }
}

import { CACHE_CONTROL } from "../../chat/cache-mark";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { xxhash64 } from "../../text/xxhash64";

const CONTENT = Bytes.of("content");
const TEXT = Bytes.of("text");
const TYPE = Bytes.of("type");
/** Prefix of a block of the system prompt with billing data, which differs from request to request. */
const BILLING = Bytes.of("x-anthropic-billing-header:");

/**
 * A hash of a prompt's pieces in order, with their size in bytes. Cache marks do not count, and a text
 * equals a list with that text as its only block: clients move their marks from turn to turn, and only a
 * block can have one.
 */
export class PromptHash {
  /** Bytes so far. */
  bytes: i32 = 0;

  /** `value`: separates prompts that must not be compared. */
  constructor(public value: u64) {}

  /** A piece as written. */
  add(document: JsonDocument, node: i32): void {
    if (node < 0) return;
    const raw = document.raw(node);
    this.bytes += raw.length;
    this.value = xxhash64(raw, this.value);
  }

  /** A text, or a list of blocks. */
  addBlocks(document: JsonDocument, node: i32): void {
    if (document.kind(node) != Kind.Array) {
      this.add(document, node);
      return;
    }
    let block = node + 1;
    for (let left = document.size(node); left > 0; left--) {
      this.addBlock(document, block);
      block = document.next(block);
    }
  }

  /** A turn of a conversation. */
  addTurn(document: JsonDocument, node: i32): void {
    if (document.kind(node) == Kind.Object) this.addMembers(document, node);
    else this.add(document, node);
  }

  private addBlock(document: JsonDocument, block: i32): void {
    const mark = document.member(block, CACHE_CONTROL);
    const text = document.member(block, TEXT);
    const others = document.size(block) - (mark < 0 ? 0 : 1);
    if (text < 0 || others > 2 || (others == 2 && document.member(block, TYPE) < 0)) {
      if (mark < 0) this.add(document, block);
      else this.addMembers(document, block);
    } else if (!document.source.slice(document.start(text)).startsWith(BILLING)) {
      this.add(document, text);
    }
  }

  private addMembers(document: JsonDocument, object: i32): void {
    let name = object + 1;
    for (let left = document.size(object); left > 0; left--) {
      const value = name + 1;
      if (document.keyEquals(name, CONTENT)) this.addBlocks(document, value);
      else if (!document.keyEquals(name, CACHE_CONTROL)) {
        this.add(document, name);
        this.add(document, value);
      }
      name = document.next(value);
    }
  }
}

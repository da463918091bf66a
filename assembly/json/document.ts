import { Bytes } from "../proxy-wasm/bytes";
import { compareMemory } from "../proxy-wasm/compare";
import { sequenceLength } from "../text/utf8";
import { NodeList } from "./node-list";
import { escapeLength, plainLength } from "./string-scan";
import { markOf, meansKey, unescape } from "./unescape";
import { Char } from "../proxy-wasm/char";

/** What a node is. */
export enum Kind {
  None = 0,
  Null = 1,
  False = 2,
  True = 3,
  Number = 4,
  String = 5,
  Array = 6,
  Object = 7,
}

/** Deepest accepted nesting. */
export const MAX_DEPTH: i32 = 128;

/** Why a text was rejected. */
export namespace JsonError {
  export const Syntax = "invalid JSON";
  export const Truncated = "JSON ends too early";
  export const Depth = "JSON is nested too deeply";
  export const Size = "JSON has too many values";
  export const Encoding = "JSON is not valid UTF-8";
}

/** The open containers while a text is parsed; one text is parsed at a time. */
const open: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);

/**
 * A parsed JSON text (RFC 8259, strict, UTF-8 only): a flat list of nodes over the text, in document order.
 * Node 0 is the root. Nothing is copied or converted while parsing, so numbers keep their spelling. The
 * object can be reused for further texts.
 */
export class JsonDocument {
  private input: Bytes = Bytes.empty();
  private readonly nodes: NodeList;
  private position: i32 = 0;
  /** Why the last text was rejected; empty when it was accepted. */
  error: string = "";

  /** `expected`: number of nodes to reserve. */
  constructor(expected: i32 = 64) {
    this.nodes = new NodeList(expected);
  }

  /** Parses `text`; null when it is not exactly one JSON value within the limits. */
  static parse(text: Bytes): JsonDocument | null {
    const document = new JsonDocument(min(text.length >> 4, 4096));
    return document.parse(text) ? document : null;
  }

  /** Parses `text`, replacing the previous one. False leaves `error` set and no nodes. */
  parse(text: Bytes): bool {
    this.input = text;
    this.nodes.clear();
    this.position = 0;
    this.error = "";
    if (this.parseValues()) return true;
    if (this.error.length == 0) {
      this.error = this.position >= text.length ? JsonError.Truncated : JsonError.Syntax;
    }
    this.nodes.clear();
    return false;
  }

  /** The text that was parsed. */
  get source(): Bytes {
    return this.input;
  }

  /** Where parsing stopped: after the value, or at the fault. */
  get offset(): i32 {
    return this.position;
  }

  /** `Kind` of a node; `None` for an index that does not exist. */
  kind(node: i32): i32 {
    return this.nodes.kind(node);
  }

  /** Number of elements of an array or members of an object; 0 for anything else. */
  size(node: i32): i32 {
    return this.nodes.size(node);
  }

  /** Offset of the first byte of the token, for strings after the quote. */
  start(node: i32): i32 {
    return this.nodes.start(node);
  }

  /** Offset after the last byte of the token, for strings before the quote. */
  end(node: i32): i32 {
    return this.nodes.end(node);
  }

  /** The node after `node` and everything in it: its next sibling, if it has one. */
  next(node: i32): i32 {
    const next = this.nodes.next(node);
    return next > node ? next : node + 1;
  }

  /** The token as written, strings with their quotes. */
  raw(node: i32): Bytes {
    if (this.kind(node) == Kind.String) {
      return this.input.slice(this.start(node) - 1, this.end(node) + 1);
    }
    return this.content(node);
  }

  /** A string as written between its quotes, escapes included; for other kinds the token. */
  content(node: i32): Bytes {
    return this.input.slice(this.start(node), this.end(node));
  }

  /** Whether the string at `node` is written with escapes. */
  hasEscapes(node: i32): bool {
    return this.nodes.isEscaped(node);
  }

  /**
   * The text of a string, unescaped; empty for other kinds. Only a string with escapes is copied.
   */
  text(node: i32): Bytes {
    if (this.kind(node) != Kind.String) return Bytes.empty();
    const content = this.content(node);
    return this.hasEscapes(node) ? unescape(content) : content;
  }

  /** Whether `node` is the string `text`; nothing is copied. */
  textIs(node: i32, text: Bytes): bool {
    return this.kind(node) == Kind.String && this.keyEquals(node, text);
  }

  /** Whether `node` is the boolean `true`. */
  isTrue(node: i32): bool {
    return this.kind(node) == Kind.True;
  }

  /** Whether `node` is missing or `null`. */
  isAbsent(node: i32): bool {
    const kind = this.kind(node);
    return kind == Kind.None || kind == Kind.Null;
  }

  /**
   * The first element of an array or the first key of an object, whose value is the node after it; −1 for
   * none.
   */
  first(node: i32): i32 {
    return this.size(node) > 0 ? node + 1 : -1;
  }

  /** The first element of an array; −1 for none, or for anything else. */
  firstItem(node: i32): i32 {
    return this.kind(node) == Kind.Array ? this.first(node) : -1;
  }

  /** The element after one, or the key after a member's value; −1 after the last. */
  after(node: i32): i32 {
    return this.nodes.after(node);
  }

  /** The value of member `key` of an object, or −1. The last of several wins. */
  member(object: i32, key: Bytes): i32 {
    if (this.kind(object) != Kind.Object) return -1;
    return this.nodes.findMember(object + 1, this.size(object), this.input.pointer, key);
  }

  /** Element `index` of an array, or −1. */
  element(array: i32, index: i32): i32 {
    if (this.kind(array) != Kind.Array || <u32>index >= <u32>this.size(array)) return -1;
    let node = array + 1;
    for (; index > 0; index--) node = this.next(node);
    return node;
  }

  /** Whether the key at `node` is `key`. */
  keyEquals(node: i32, key: Bytes): bool {
    const start = this.start(node);
    const length = this.end(node) - start;
    const name = this.input.pointer + <usize>start;
    if (this.hasEscapes(node)) {
      return this.nodes.mark(node) >> 15 == <u32>key.at(0) && meansKey(name, length, key);
    }
    return length == key.length && compareMemory(name, key.pointer, length) == 0;
  }

  private add(kind: i32, start: i32, end: i32, mark: i32 = -1): i32 {
    const node = this.nodes.add(kind, start, end, mark);
    if (node < 0) this.error = JsonError.Size;
    return node;
  }

  /** Iterative: open containers are kept in a list, so that depth costs no call stack. */
  private parseValues(): bool {
    let depth = 0;
    // The value that was completed last.
    let last = -1;
    this.skipBlanks();
    while (true) {
      const byte = this.peek();
      if (byte == Char.OpenBrace || byte == Char.OpenBracket) {
        const isObject = byte == Char.OpenBrace;
        if (depth >= MAX_DEPTH) {
          this.error = JsonError.Depth;
          return false;
        }
        const node = this.add(isObject ? Kind.Object : Kind.Array, this.position, 0);
        if (node < 0) return false;
        unchecked((open[depth++] = node));
        this.position++;
        this.skipBlanks();
        if (this.peek() != (isObject ? Char.CloseBrace : Char.CloseBracket)) {
          if (isObject && !this.parseKey()) return false;
          continue;
        }
      } else {
        if (!this.parseScalar(byte)) return false;
        last = this.nodes.length - 1;
        if (depth > 0) this.nodes.countChild(unchecked(open[depth - 1]));
      }
      // A value is complete: close what ends here, or continue to the next value.
      let more = false;
      while (depth > 0 && !more) {
        this.skipBlanks();
        const container = unchecked(open[depth - 1]);
        const isObject = this.kind(container) == Kind.Object;
        const delimiter = this.peek();
        if (delimiter == (isObject ? Char.CloseBrace : Char.CloseBracket)) {
          this.position++;
          this.nodes.close(container, this.position, last);
          last = container;
          depth--;
          if (depth > 0) this.nodes.countChild(unchecked(open[depth - 1]));
          continue;
        }
        if (delimiter != Char.Comma || this.size(container) == 0) return false;
        this.position++;
        this.skipBlanks();
        if (isObject && !this.parseKey()) return false;
        more = true;
      }
      if (more) continue;
      this.skipBlanks();
      return this.position == this.input.length;
    }
  }

  private parseKey(): bool {
    if (this.peek() != Char.Quote || !this.parseString()) return false;
    this.skipBlanks();
    if (this.peek() != Char.Colon) return false;
    this.position++;
    this.skipBlanks();
    return true;
  }

  private parseScalar(byte: i32): bool {
    if (byte == Char.Quote) return this.parseString();
    if (byte == Char.LowerT) return this.parseWord(0x65757274, 4, Kind.True);
    if (byte == Char.LowerN) return this.parseWord(0x6c6c756e, 4, Kind.Null);
    if (byte == Char.LowerF) return this.parseWord(0x736c6166, 5, Kind.False);
    return this.parseNumber();
  }

  /**
   * `first4`: the first four letters as a little-endian word; the fifth can only be the `e` of
   * `false`.
   */
  private parseWord(first4: u32, length: i32, kind: i32): bool {
    const start = this.position;
    if (start + length > this.input.length) return this.cutOff();
    if (load<u32>(this.input.pointer + <usize>start) != first4) return false;
    if (length == 5 && this.input.at(start + 4) != Char.LowerE) return false;
    this.position += length;
    return this.add(kind, start, this.position) >= 0;
  }

  private cutOff(): bool {
    this.error = JsonError.Truncated;
    return false;
  }

  private parseNumber(): bool {
    const start = this.position;
    if (this.peek() == Char.Hyphen) this.position++;
    const integer = this.position;
    if (!this.skipDigits()) return false;
    if (this.input.at(integer) == Char.Zero && this.position > integer + 1) {
      this.position = integer + 1;
      return false;
    }
    if (this.peek() == Char.Dot) {
      this.position++;
      if (!this.skipDigits()) return false;
    }
    if ((this.peek() | 0x20) == Char.LowerE) {
      this.position++;
      if (this.peek() == Char.Plus || this.peek() == Char.Hyphen) this.position++;
      if (!this.skipDigits()) return false;
    }
    return this.add(Kind.Number, start, this.position) >= 0;
  }

  private skipDigits(): bool {
    const start = this.position;
    while (<u32>(this.peek() - Char.Zero) < 10) this.position++;
    return this.position > start;
  }

  /** Checks escapes and encoding; eight plain ASCII bytes go by at a time. */
  private parseString(): bool {
    const base = this.input.pointer;
    const length = this.input.length;
    const start = this.position + 1;
    let at = start;
    let escaped = false;
    while (at < length) {
      const byte = <u32>load<u8>(base + <usize>at);
      if (byte == Char.Quote) {
        this.position = at + 1;
        const mark = escaped ? <i32>markOf(base + <usize>start, at - start, true) : -1;
        return this.add(Kind.String, start, at, mark) >= 0;
      }
      if (byte == Char.Backslash) {
        escaped = true;
        const size = escapeLength(base + <usize>at, length - at);
        if (size == 0) break;
        at += size;
      } else if (byte < Char.Space) {
        break;
      } else if (byte < 0x80) {
        at += max(1, plainLength(base + <usize>at, length - at));
      } else {
        const size = sequenceLength(base + <usize>at, length - at);
        if (size == 0) {
          this.error = JsonError.Encoding;
          break;
        }
        at += size;
      }
    }
    this.position = at;
    return false;
  }

  private skipBlanks(): void {
    while (true) {
      const byte = this.peek();
      if (
        byte != Char.Space &&
        byte != Char.LineFeed &&
        byte != Char.CarriageReturn &&
        byte != Char.Tab
      )
        return;
      this.position++;
    }
  }

  /** The byte at the position, −1 at the end. */
  private peek(): i32 {
    if (this.position >= this.input.length) return -1;
    return <i32>load<u8>(this.input.pointer + <usize>this.position);
  }
}

/** Whether bytes are JSON: one value and blanks. */
export function isJson(bytes: Bytes): bool {
  return new JsonDocument(min(4 + (bytes.length >> 3), 4096)).parse(bytes);
}

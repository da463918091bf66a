import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import * as names from "../../chat/names";

/** Members of one part; members of each piece are looked up among them. */
const MAX_MEMBERS = 32;
const SIGNATURE = Bytes.of("signature");
/** Members whose texts come in pieces. */
const PIECES: Bytes[] = [names.TEXT, names.THINKING, Bytes.of("summary")];
const REASONING_DETAILS = Bytes.of("reasoning_details");
const LISTS: Bytes[] = [
  REASONING_DETAILS,
  names.THINKING_BLOCKS,
  Bytes.of("images"),
  Bytes.of("annotations"),
];

/** Members of a message that contain its reasoning. */
export const THOUGHTS: Bytes[] = [
  names.REASONING_SIGNATURE,
  names.THINKING_BLOCKS,
  REASONING_DETAILS,
];

/**
 * A list of parts of a message, of which each event brings some: whole ones, such as images, or pieces of a
 * thought, which continue under the same index or, where there is none, after one of the same type until a
 * signature has come.
 */
export class PartList {
  /** Complete parts. */
  private readonly done: JsonWriter = new JsonWriter(64);
  private part: Part | null = null;
  private lastIndex: i64 = -1;

  constructor(readonly name: Bytes) {}

  /** Whether lists of this name come in pieces. */
  static has(document: JsonDocument, key: i32): bool {
    return keyIsOneOf(document, key, LISTS);
  }

  /** Bytes that are kept. */
  get bytes(): i32 {
    const part = this.part;
    return this.done.length + (part === null ? 0 : part.bytes);
  }

  /** Adds the parts of an event; false when they cannot be kept. */
  take(document: JsonDocument, list: i32): bool {
    for (let node = document.first(list); node >= 0; node = document.after(node)) {
      if (document.kind(node) != Kind.Object || !this.takePart(document, node)) return false;
    }
    return true;
  }

  /** Appends the parts; the list is complete then. */
  write(out: JsonWriter): void {
    this.close();
    out.raw(this.done.toBytes());
  }

  private takePart(document: JsonDocument, node: i32): bool {
    const part = this.part;
    if (part !== null && part.continuesWith(document, node)) return part.take(document, node);
    const index = document.raw(document.member(node, names.INDEX));
    if (index.length > 0) {
      const at = parseDecimal(index, -1);
      // A continuation of an earlier part would become two parts of the list.
      if (at <= this.lastIndex) return false;
      this.lastIndex = at;
    }
    this.close();
    const next = new Part(document, node, index);
    this.part = next;
    return next.take(document, node);
  }

  private close(): void {
    const part = this.part;
    if (part === null) return;
    part.write(this.done);
    this.part = null;
  }
}

/** A part that later events may continue. */
class Part {
  private readonly keys: Bytes[] = [];
  /** Texts without their quotes, other values as written. */
  private readonly values: ByteWriter[] = [];
  private readonly isText: bool[] = [];
  private readonly type: Bytes;
  private readonly index: Bytes;
  private isSigned: bool = false;
  /** Bytes that are kept. */
  bytes: i32 = 0;

  constructor(document: JsonDocument, node: i32, index: Bytes) {
    this.type = document.text(document.member(node, names.TYPE)).copy();
    this.index = index.copy();
  }

  /** Whether `node` is a piece of this part. */
  continuesWith(document: JsonDocument, node: i32): bool {
    const index = document.raw(document.member(node, names.INDEX));
    if (!index.equals(this.index) || (index.length == 0 && this.isSigned)) return false;
    if (!document.text(document.member(node, names.TYPE)).equals(this.type)) return false;
    if (isString(document, document.member(node, SIGNATURE))) return true;
    for (let i = 0; i < PIECES.length; i++) {
      if (isString(document, document.member(node, PIECES[i]))) return true;
    }
    return false;
  }

  /** Takes the members of a piece; false when one contradicts an earlier value. */
  take(document: JsonDocument, node: i32): bool {
    for (let key = document.first(node); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!this.takeMember(document, key, value)) return false;
    }
    return true;
  }

  write(out: JsonWriter): void {
    out.object();
    for (let i = 0; i < this.keys.length; i++) {
      const value = this.values[i].toBytes();
      out.key(this.keys[i]);
      if (this.isText[i]) out.quoted(value);
      else out.raw(value);
    }
    out.endObject();
  }

  private takeMember(document: JsonDocument, key: i32, value: i32): bool {
    const name = document.content(key);
    const isText = isString(document, value) && keyIsOneOf(document, key, PIECES);
    const text = isText ? document.content(value) : document.raw(value);
    if (document.keyEquals(key, SIGNATURE) && !isNullOrEmptyText(document, value))
      this.isSigned = true;
    for (let i = 0; i < this.keys.length; i++) {
      if (!this.keys[i].equals(name)) continue;
      if (isText && this.isText[i]) {
        this.values[i].bytes(text);
        this.bytes += text.length;
        return true;
      }
      if (isNullOrEmptyText(document, value)) return true;
      const previous = this.values[i].toBytes();
      if (previous.equals(text)) return true;
      const wasEmpty = previous.equals(NULL) || previous.equals(NO_TEXT);
      if (this.isText[i] || !wasEmpty) return false;
      this.replace(i, text, isText);
      return true;
    }
    if (this.keys.length >= MAX_MEMBERS) return false;
    this.keys.push(name.copy());
    this.values.push(new ByteWriter(text.length).bytes(text));
    this.isText.push(isText);
    this.bytes += name.length + text.length;
    return true;
  }

  private replace(place: i32, text: Bytes, isText: bool): void {
    this.values[place] = new ByteWriter(text.length).bytes(text);
    this.isText[place] = isText;
    this.bytes += text.length;
  }
}

const NULL = Bytes.of("null");
const NO_TEXT = Bytes.of('""');

function isString(document: JsonDocument, node: i32): bool {
  return node >= 0 && document.kind(node) == Kind.String;
}

/** Whether a value is null or an empty text. */
function isNullOrEmptyText(document: JsonDocument, node: i32): bool {
  return document.isAbsent(node) || document.raw(node).equals(NO_TEXT);
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";

const BLANK_LINE = Bytes.of("\n\n");
const TEXT_PART_OPEN = Bytes.of('{"type":"text","text":');

/**
 * `mergeConsecutiveMessages`: consecutive messages of the same role, user or assistant, are merged. Two
 * texts are joined by a blank line, anything else as a list of parts; reasoning likewise. Messages with
 * tool calls or different names are not merged. `body` itself when nothing merges.
 */
export function mergeMessages(body: Bytes): Bytes {
  const document = new JsonDocument();
  if (!document.parse(body)) return body;
  const messages = document.member(0, names.MESSAGES);
  if (document.kind(messages) != Kind.Array) return body;
  const changes = new Splice(body);
  let first = messages + 1;
  let left = document.size(messages);
  while (left > 0) {
    const head = new Sender(document, first);
    let count = 1;
    let message = document.next(first);
    while (head.canMerge && count < left && head.equals(new Sender(document, message))) {
      count++;
      message = document.next(message);
    }
    if (count > 1) mergeRun(document, first, count, changes);
    left -= count;
    first = message;
  }
  return changes.apply();
}

/** The speaker of a message. */
class Sender {
  private readonly role: Bytes;
  private readonly name: Bytes;
  /** Whether the message may be merged with others of the same speaker. */
  readonly canMerge: bool;

  constructor(document: JsonDocument, message: i32) {
    const role = document.text(document.member(message, names.ROLE));
    this.role = role;
    this.name = document.text(document.member(message, names.NAME));
    this.canMerge =
      (role.equals(names.USER) || role.equals(names.ASSISTANT)) && !isCall(document, message);
  }

  /** Whether `other` may be merged into a message of this speaker's. */
  equals(other: Sender): bool {
    return other.canMerge && this.role.equals(other.role) && this.name.equals(other.name);
  }
}

function isCall(document: JsonDocument, message: i32): bool {
  return (
    !document.isAbsent(document.member(message, names.TOOL_CALLS)) ||
    !document.isAbsent(document.member(message, names.FUNCTION_CALL))
  );
}

/** Merges `count` messages into the first; the others are removed. */
function mergeRun(document: JsonDocument, first: i32, count: i32, changes: Splice): void {
  let allText = true;
  let message = first;
  let last = first;
  for (let i = 0; i < count; i++) {
    const content = document.member(message, names.CONTENT);
    if (!document.isAbsent(content) && document.kind(content) != Kind.String) allText = false;
    last = message;
    message = document.next(message);
  }
  const edit = new ObjectEdit(document, first, changes);
  const content = allText
    ? joined(document, first, count, names.CONTENT)
    : partsOf(document, first, count);
  edit.set(names.CONTENT, content);
  const reasoning = joined(document, first, count, names.REASONING_CONTENT);
  if (reasoning.length > 2) {
    edit.set(names.REASONING_CONTENT, reasoning);
  }
  edit.finish();
  changes.replace(tokenEnd(document, first), tokenEnd(document, last), Bytes.empty());
}

/** The texts of one member of all messages as one JSON string, `""` when there are none. */
function joined(document: JsonDocument, first: i32, count: i32, name: Bytes): Bytes {
  const text = new ByteWriter(64);
  let message = first;
  for (let i = 0; i < count; i++) {
    const part = document.text(document.member(message, name));
    if (part.length > 0) {
      if (text.length > 0) text.bytes(BLANK_LINE);
      text.bytes(part);
    }
    message = document.next(message);
  }
  return new JsonWriter(text.length + 2).string(text.toBytes()).toBytes();
}

/** The contents of all messages as one JSON array of parts. */
function partsOf(document: JsonDocument, first: i32, count: i32): Bytes {
  const out = new JsonWriter(256).array();
  let message = first;
  for (let i = 0; i < count; i++) {
    const content = document.member(message, names.CONTENT);
    const isArray = document.kind(content) == Kind.Array;
    const size = isArray ? document.size(content) : document.text(content).length;
    if (size > 0) {
      if (isArray) {
        const start = tokenStart(document, content + 1);
        out.raw(document.source.slice(start, document.end(content) - 1));
      } else {
        out.raw(TEXT_PART_OPEN).string(document.text(content)).endObject();
      }
    }
    message = document.next(message);
  }
  return out.endArray().toBytes();
}

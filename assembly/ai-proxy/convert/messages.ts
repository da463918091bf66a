import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { xxhash64 } from "../../text/xxhash64";

const TOOL_CALL_ID = Bytes.of("tool_call_id");
const PRESERVE_THINKING = Bytes.of("preserve_thinking");
const TRUE = Bytes.of("true");
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NO_MODELS: Bytes[] = [];

/** What is to be changed in the messages of a chat. */
export class MessagePlan {
  /** Whether role `developer` becomes `system`. */
  replaceDeveloper: bool = false;
  /** Whether `name` goes. */
  dropNames: bool = false;
  /** Length of the letters and digits that ids of tool calls become; 0 leaves them. */
  toolIdLength: i32 = 0;
  /** Beginnings of the models for which `preserve_thinking` is added. */
  preserveThinkingModels: Bytes[] = NO_MODELS;

  get isEmpty(): bool {
    const leavesIds = this.toolIdLength == 0;
    const leavesThinking = this.preserveThinkingModels.length == 0;
    return !this.replaceDeveloper && leavesIds && leavesThinking;
  }
}

/** Applies the plan to `messages` of the body at the root. */
export function editMessages(
  document: JsonDocument,
  plan: MessagePlan,
  model: Bytes,
  members: ObjectEdit,
  changes: Splice,
): void {
  const messages = document.member(0, names.MESSAGES);
  if (plan.isEmpty || document.kind(messages) != Kind.Array) return;
  let reasons = false;
  let message = messages + 1;
  for (let left = document.size(messages); left > 0; left--) {
    const role = document.member(message, names.ROLE);
    if (plan.replaceDeveloper && document.textIs(role, names.DEVELOPER)) {
      replaceString(document, changes, role, names.SYSTEM);
    }
    if (plan.toolIdLength > 0) shortenIds(document, message, plan.toolIdLength, changes);
    if (!document.isAbsent(document.member(message, names.REASONING_CONTENT))) reasons = true;
    message = document.next(message);
  }
  if (reasons && startsWithOne(model, plan.preserveThinkingModels)) addThinking(document, members);
}

function addThinking(document: JsonDocument, members: ObjectEdit): void {
  if (document.member(0, PRESERVE_THINKING) < 0) members.append(PRESERVE_THINKING, TRUE);
}

function startsWithOne(model: Bytes, beginnings: Bytes[]): bool {
  for (let i = 0; i < beginnings.length; i++) {
    if (model.startsWith(beginnings[i])) return true;
  }
  return false;
}

/** The ids of calls and of their results, which stay equal because equal ids become equal. */
function shortenIds(document: JsonDocument, message: i32, length: i32, changes: Splice): void {
  shortenId(document, document.member(message, TOOL_CALL_ID), length, changes);
  const calls = document.member(message, names.TOOL_CALLS);
  if (document.kind(calls) != Kind.Array) return;
  let call = calls + 1;
  for (let left = document.size(calls); left > 0; left--) {
    shortenId(document, document.member(call, names.ID), length, changes);
    call = document.next(call);
  }
}

function shortenId(document: JsonDocument, node: i32, length: i32, changes: Splice): void {
  const id = document.text(node);
  if (id.length == 0 || isShortId(id, length)) return;
  let hash = xxhash64(id);
  const short = new ByteWriter(length);
  for (let i = 0; i < length; i++) {
    short.byte(<u8>DIGITS.charCodeAt(<i32>(hash % 62)));
    hash /= 62;
  }
  replaceString(document, changes, node, short.toBytes());
}

function isShortId(id: Bytes, length: i32): bool {
  if (id.length != length) return false;
  for (let i = 0; i < length; i++) {
    const byte = id.at(i);
    const letter = byte | 0x20;
    if (!(byte >= 0x30 && byte <= 0x39) && !(letter >= 0x61 && letter <= 0x7a)) return false;
  }
  return true;
}

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
/** Length of the ids that Mistral takes. */
const SHORT_ID: i32 = 9;
/** Models of Model Studio that read the reasoning of former turns when they are asked to. */
const THINKING_MODELS: Bytes[] = [
  Bytes.of("qwen3.6-max-preview"),
  Bytes.of("qwen3.6-plus"),
  Bytes.of("kimi-k2.6"),
];

/** What is to be changed in the messages of a chat. */
export class MessagePlan {
  /** Whether role `developer` becomes `system`. */
  replaceDeveloper: bool = false;
  /** Whether `name` goes. */
  dropNames: bool = false;
  /** Whether ids of tool calls become nine letters or digits. */
  shortToolIds: bool = false;
  /** Whether `preserve_thinking` is added for models that know it. */
  preserveThinking: bool = false;

  get isEmpty(): bool {
    return (
      !this.replaceDeveloper && !this.dropNames && !this.shortToolIds && !this.preserveThinking
    );
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
    if (plan.replaceDeveloper && document.text(role).equals(names.DEVELOPER)) {
      replaceString(document, changes, role, names.SYSTEM);
    }
    if (plan.dropNames && document.kind(message) == Kind.Object) {
      const edit = new ObjectEdit(document, message, changes);
      edit.drop(names.NAME);
      edit.finish();
    }
    if (plan.shortToolIds) shortenIds(document, message, changes);
    if (!document.isAbsent(document.member(message, names.REASONING_CONTENT))) reasons = true;
    message = document.next(message);
  }
  if (plan.preserveThinking && reasons && isThinkingModel(model)) addThinking(document, members);
}

function addThinking(document: JsonDocument, members: ObjectEdit): void {
  if (document.member(0, PRESERVE_THINKING) < 0) members.append(PRESERVE_THINKING, TRUE);
}

function isThinkingModel(model: Bytes): bool {
  for (let i = 0; i < THINKING_MODELS.length; i++) {
    if (model.startsWith(THINKING_MODELS[i])) return true;
  }
  return false;
}

/** The ids of calls and of their results, which stay equal because equal ids become equal. */
function shortenIds(document: JsonDocument, message: i32, changes: Splice): void {
  shortenId(document, document.member(message, TOOL_CALL_ID), changes);
  const calls = document.member(message, names.TOOL_CALLS);
  if (document.kind(calls) != Kind.Array) return;
  let call = calls + 1;
  for (let left = document.size(calls); left > 0; left--) {
    shortenId(document, document.member(call, names.ID), changes);
    call = document.next(call);
  }
}

function shortenId(document: JsonDocument, node: i32, changes: Splice): void {
  const id = document.text(node);
  if (id.length == 0 || isShortId(id)) return;
  let hash = xxhash64(id);
  const short = new ByteWriter(SHORT_ID);
  for (let i = 0; i < SHORT_ID; i++) {
    short.byte(<u8>DIGITS.charCodeAt(<i32>(hash % 62)));
    hash /= 62;
  }
  replaceString(document, changes, node, short.toBytes());
}

function isShortId(id: Bytes): bool {
  if (id.length != SHORT_ID) return false;
  for (let i = 0; i < SHORT_ID; i++) {
    const byte = id.at(i);
    const letter = byte | 0x20;
    if (!(byte >= 0x30 && byte <= 0x39) && !(letter >= 0x61 && letter <= 0x7a)) return false;
  }
  return true;
}

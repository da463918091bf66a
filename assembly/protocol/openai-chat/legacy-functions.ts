/** Predecessors of tools in chats: `functions`, `function_call` and the role `function` (OpenAI's API reference). */
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerTerms } from "../../chat/answer-terms";
import * as names from "../../chat/names";
import { refusalAsText } from "../../chat/refusal";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";

const FUNCTIONS = Bytes.of("functions");
const TOOLS = Bytes.of("tools");
const TOOL = Bytes.of("tool");
const TOOL_CHOICE = Bytes.of("tool_choice");
const TOOL_CALL_ID = Bytes.of("tool_call_id");
const MARKS: Bytes[] = [
  Bytes.of('"functions"'),
  Bytes.of('"function_call"'),
  Bytes.of('"refusal":"'),
  Bytes.of('"refusal": "'),
];

/** Whether a body may have something to convert; most have nothing, and are not read. */
function isMarked(body: Bytes): bool {
  for (let i = 0; i < MARKS.length; i++) {
    if (body.find(MARKS[i]) >= 0) return true;
  }
  return false;
}

/**
 * A chat with tools in the place of functions, and with texts in that of refusals; `body` itself if it has none.
 * Calls of functions have no identifiers: a result is one of the call before it. `terms`: learn whether the client
 * has functions.
 */
export function withTools(body: Bytes, terms: AnswerTerms): Bytes {
  if (!isMarked(body)) return body;
  const document = JsonDocument.parse(body);
  if (document === null || document.kind(0) != Kind.Object) return body;
  const changes = new Splice(body);
  const edit = new ObjectEdit(document, 0, changes);
  terms.hasFunctions = convertDefinitions(document, edit);
  convertChoice(document, edit);
  edit.finish();
  let calls = 0;
  const messages = document.member(0, names.MESSAGES);
  for (let node = document.firstItem(messages); node >= 0; node = document.after(node)) {
    if (document.kind(node) != Kind.Object) continue;
    edit.begin(node);
    refusalAsText(document, node, edit);
    const called = document.member(node, names.FUNCTION_CALL);
    const role = document.member(node, names.ROLE);
    if (document.kind(called) == Kind.Object) {
      const isNew = document.isAbsent(document.member(node, names.TOOL_CALLS));
      if (isNew) edit.set(names.TOOL_CALLS, callOf(document, called, ++calls));
      edit.drop(names.FUNCTION_CALL);
    } else if (document.textIs(role, names.FUNCTION)) {
      replaceString(document, changes, role, TOOL);
      edit.set(TOOL_CALL_ID, new JsonWriter(16).string(callId(calls)).toBytes());
    }
    edit.finish();
  }
  return changes.apply();
}

/** Whether functions have become tools; they are left out where there are tools. */
function convertDefinitions(document: JsonDocument, edit: ObjectEdit): bool {
  const functions = document.member(0, FUNCTIONS);
  if (functions < 0) return false;
  if (!document.isAbsent(document.member(0, TOOLS)) || document.kind(functions) != Kind.Array) {
    edit.drop(FUNCTIONS);
    return false;
  }
  const out = new JsonWriter(document.raw(functions).length + 64).array();
  for (let node = document.firstItem(functions); node >= 0; node = document.after(node)) {
    writeFunction(out, document.raw(node));
  }
  edit.drop(TOOLS);
  edit.substitute(FUNCTIONS, TOOLS, out.endArray().toBytes());
  return true;
}

/** `auto`, `none`, or the name of a function. */
function convertChoice(document: JsonDocument, edit: ObjectEdit): void {
  const choice = document.member(0, names.FUNCTION_CALL);
  if (choice < 0) return;
  if (!document.isAbsent(document.member(0, TOOL_CHOICE)) || document.isAbsent(choice)) {
    edit.drop(names.FUNCTION_CALL);
    return;
  }
  const out = new JsonWriter(64);
  if (document.kind(choice) == Kind.Object) writeFunction(out, document.raw(choice));
  else
    out.raw(document.kind(choice) == Kind.String ? quoted(document, choice) : document.raw(choice));
  edit.drop(TOOL_CHOICE);
  edit.substitute(names.FUNCTION_CALL, TOOL_CHOICE, out.toBytes());
}

function quoted(document: JsonDocument, node: i32): Bytes {
  return new JsonWriter(16).string(document.text(node)).toBytes();
}

function writeFunction(out: JsonWriter, raw: Bytes): void {
  out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).raw(raw).endObject();
}

function callOf(document: JsonDocument, called: i32, number: i32): Bytes {
  const out = new JsonWriter(128).array().object();
  out.key(names.ID).string(callId(number)).key(names.TYPE).string(names.FUNCTION);
  return out.key(names.FUNCTION).raw(document.raw(called)).endObject().endArray().toBytes();
}

function callId(number: i32): Bytes {
  return Bytes.of("call_" + number.toString());
}

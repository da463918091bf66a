/** Custom tools of chats, which take a text: functions for vendors without them (OpenAI's API reference). */
import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { AnswerTerms } from "../../chat/answer-terms";
import * as names from "../../chat/names";
import {
  GRAMMAR,
  MAX_GRAMMAR,
  textArguments,
  TEXT_PARAMETERS,
  WRITE_INPUT,
} from "../../chat/text-tool";
import { JsonDocument, Kind } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { TextMap } from "../../text/text-map";

const MARK = Bytes.of('"custom"');
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const FORMAT = Bytes.of("format");
const GRAMMAR_NAME = Bytes.of("grammar");
const DEFINITION = Bytes.of("definition");
const INPUT = Bytes.of("input");

/**
 * A chat with functions in the place of custom tools; `body` itself if it has none. `terms`: learn their names, so
 * that calls of them are returned as the client knows them.
 */
export function withFunctions(body: Bytes, terms: AnswerTerms): Bytes {
  if (body.find(MARK) < 0) return body;
  const document = JsonDocument.parse(body);
  if (document === null || document.kind(0) != Kind.Object) return body;
  const changes = new Splice(body);
  const custom = new TextMap<bool>();
  const tools = document.member(0, TOOLS);
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const definition = customOf(document, tool);
    if (definition < 0) continue;
    custom.set(document.text(document.member(definition, names.NAME)).copy(), true);
    replace(document, changes, tool, functionOf(document, definition));
  }
  if (custom.size > 0) terms.customTools = custom;
  const choice = document.member(0, TOOL_CHOICE);
  const chosen = customOf(document, choice);
  if (chosen >= 0) replace(document, changes, choice, choiceOf(document, chosen));
  const messages = document.member(0, names.MESSAGES);
  for (let node = document.firstItem(messages); node >= 0; node = document.after(node)) {
    const calls = document.member(node, names.TOOL_CALLS);
    for (let call = document.firstItem(calls); call >= 0; call = document.after(call)) {
      const called = customOf(document, call);
      if (called >= 0) replace(document, changes, call, callOf(document, call, called));
    }
  }
  return changes.apply();
}

/** The object in a custom tool, or in a choice or call of one; −1 for any other. */
function customOf(document: JsonDocument, holder: i32): i32 {
  if (!document.textIs(document.member(holder, names.TYPE), names.CUSTOM)) return -1;
  const custom = document.member(holder, names.CUSTOM);
  return document.kind(document.member(custom, names.NAME)) == Kind.String ? custom : -1;
}

function replace(document: JsonDocument, changes: Splice, node: i32, value: Bytes): void {
  changes.replace(tokenStart(document, node), tokenEnd(document, node), value);
}

/** Opens a function with the name of a custom tool. */
function open(document: JsonDocument, custom: i32, out: JsonWriter): void {
  out.key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object().key(names.NAME);
  out.string(document.text(document.member(custom, names.NAME)));
}

function functionOf(document: JsonDocument, custom: i32): Bytes {
  const about = document.text(document.member(custom, DESCRIPTION));
  const format = document.member(custom, FORMAT);
  const rules = document.member(document.member(format, GRAMMAR_NAME), DEFINITION);
  const grammar = document.text(rules).slice(0, MAX_GRAMMAR);
  const text = new ByteWriter(about.length + grammar.length + 64).bytes(about).bytes(WRITE_INPUT);
  if (grammar.length > 0) text.bytes(GRAMMAR).bytes(grammar);
  const out = new JsonWriter(text.length + 256).object();
  open(document, custom, out);
  out.key(DESCRIPTION).string(text.toBytes()).key(PARAMETERS).raw(TEXT_PARAMETERS);
  return out.endObject().endObject().toBytes();
}

function choiceOf(document: JsonDocument, custom: i32): Bytes {
  const out = new JsonWriter(96).object();
  open(document, custom, out);
  return out.endObject().endObject().toBytes();
}

function callOf(document: JsonDocument, call: i32, custom: i32): Bytes {
  const out = new JsonWriter(256).object();
  out.key(names.ID).string(document.text(document.member(call, names.ID)));
  open(document, custom, out);
  const json = textArguments(document.text(document.member(custom, INPUT)));
  return out.key(names.ARGUMENTS).string(json).endObject().endObject().toBytes();
}

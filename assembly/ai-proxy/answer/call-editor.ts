import { Bytes } from "../../proxy-wasm/bytes";
import { OpenCall, OpenCalls } from "../../chat/decode/open-calls";
import * as names from "../../chat/names";
import { ToolNames } from "../../chat/tool-names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";

/** Most choices of an answer that are tracked. */
const MAX_CHOICES: i32 = 128;
const TOOL_CALLS = Bytes.of('"tool_calls"');
const OPEN_LIST = Bytes.of("[");
const CLOSE_LIST = Bytes.of("]");
const FUNCTION_CALL = Bytes.of('"function_call"');

/**
 * Edits tool calls in an answer that is already in OpenAI's form: the client's names of its tools and, in
 * streams, an index and an identifier for each call, where a vendor sends several under one
 * (huggingface/smolagents#1958, openai-python#3246).
 */
export class CallEditor {
  private readonly choices: Map<i32, OpenCalls> = new Map();

  constructor(private readonly tools: ToolNames) {}

  /** Whether an event may contain a call. */
  affects(event: Bytes): bool {
    return event.find(TOOL_CALLS) >= 0 || event.find(FUNCTION_CALL) >= 0;
  }

  /** Edits a `message`, or a `delta` of a stream. */
  edit(document: JsonDocument, choice: i32, part: i32, changes: Splice, isStream: bool): void {
    this.rename(document, document.member(part, names.FUNCTION_CALL), changes);
    const calls = document.member(part, names.TOOL_CALLS);
    const open = isStream ? this.callsOf(document, choice) : null;
    if (document.kind(calls) == Kind.Object) {
      this.rename(document, document.member(calls, names.FUNCTION), changes);
      this.enlist(document, calls, open === null ? new OpenCalls() : open, changes, isStream);
      return;
    }
    if (document.kind(calls) != Kind.Array) return;
    for (let call = document.first(calls), i = 0; call >= 0; call = document.after(call), i++) {
      if (document.kind(call) == Kind.Object) {
        this.rename(document, document.member(call, names.FUNCTION), changes);
        this.rename(document, document.member(call, names.CUSTOM), changes);
        if (open !== null) this.number(document, call, i, open, changes);
      }
    }
  }

  /** Makes a list of a call that is alone. */
  private enlist(
    document: JsonDocument,
    call: i32,
    open: OpenCalls,
    changes: Splice,
    isStream: bool,
  ): void {
    const start = tokenStart(document, call);
    const end = tokenEnd(document, call);
    changes.replace(start, start, OPEN_LIST);
    this.number(document, call, 0, open, changes, isStream);
    changes.replace(end, end, CLOSE_LIST);
  }

  /** The client's name for a tool. `called`: the object with its name. */
  private rename(document: JsonDocument, called: i32, changes: Splice): void {
    if (this.tools.isEmpty) return;
    const node = document.member(called, names.NAME);
    if (document.kind(node) != Kind.String) return;
    const tool = this.tools.find(document.text(node));
    if (tool !== null) replaceString(document, changes, node, tool.name);
  }

  private callsOf(document: JsonDocument, choice: i32): OpenCalls | null {
    const index = <i32>parseDecimal(document.raw(document.member(choice, names.INDEX)), 0);
    if (this.choices.has(index)) return this.choices.get(index);
    if (this.choices.size >= MAX_CHOICES) return null;
    const calls = new OpenCalls();
    this.choices.set(index, calls);
    return calls;
  }

  /** The index of a call's piece, and the identifier in its first one. `position`: in its event. */
  private number(
    document: JsonDocument,
    call: i32,
    position: i32,
    open: OpenCalls,
    changes: Splice,
    isStream: bool = true,
  ): void {
    const called = document.member(call, names.FUNCTION);
    const indexNode = document.member(call, names.INDEX);
    const index = <i32>parseDecimal(document.raw(indexNode), <i64>position);
    const idNode = document.member(call, names.ID);
    const found = open.find(
      index,
      document.text(idNode),
      document.text(document.member(called, names.NAME)),
    );
    if (found === null) return;
    const edit = new ObjectEdit(document, call, changes);
    // Whole answers have no index.
    if (isStream && indexNode < 0) {
      edit.append(names.INDEX, Bytes.of(found.number.toString()));
    } else if (isStream && index != found.number)
      edit.replace(indexNode, Bytes.of(found.number.toString()));
    if (!found.isReported) this.identify(document, idNode, found, edit);
    else this.dropHead(document, called, edit, changes);
    const json = document.member(called, names.ARGUMENTS);
    if (document.kind(json) == Kind.String) found.end.push(document.text(json));
    else if (document.kind(json) == Kind.Object) {
      // Some vendors send an object instead of its JSON text.
      found.end.push(document.raw(json));
      replaceString(document, changes, json, document.raw(json));
    }
    edit.finish();
  }

  /** Removes identifier and name of a call that has begun: clients concatenate pieces. */
  private dropHead(document: JsonDocument, called: i32, edit: ObjectEdit, changes: Splice): void {
    edit.drop(names.ID);
    if (document.member(called, names.NAME) < 0) return;
    const inner = new ObjectEdit(document, called, changes);
    inner.drop(names.NAME);
    inner.finish();
  }

  private identify(document: JsonDocument, node: i32, call: OpenCall, edit: ObjectEdit): void {
    call.isReported = true;
    if (document.text(node).equals(call.id)) return;
    edit.set(names.ID, new JsonWriter(call.id.length + 2).string(call.id).toBytes());
  }
}

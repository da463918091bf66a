import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { writeToolCall } from "../../chat/request-parts";
import { textArguments } from "../../chat/text-tool";
import { ToolKind } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { TextMap } from "../../text/text-map";
import { spaceOf, sentToolName } from "./tools";
import * as api from "./literals";

const ACTION_OPEN = Bytes.of('{"action":');
const LINE = Bytes.of("\n");
const COLON = Bytes.of(": ");
const DESCRIPTION = Bytes.of("description");
const TOOLS = Bytes.of("tools");
const ACTION = Bytes.of("action");
const OPERATION = Bytes.of("operation");
const INPUT = Bytes.of("input");
const EMPTY_OBJECT = Bytes.of("{}");
const TOOLS_FOUND = Bytes.of("Tools loaded:");

/** Types of items that are calls of the client's own tools. */
const CALLS: Bytes[] = [
  names.FUNCTION_CALL,
  api.CUSTOM_TOOL_CALL,
  api.TOOL_SEARCH_CALL,
  Bytes.of("local_shell_call"),
  Bytes.of("shell_call"),
  Bytes.of("apply_patch_call"),
];
/** Suffix of their types. */
const CALL_END: i32 = 5;
const OUTPUT_END = Bytes.of("_output");

/** Whether an item of this type is a call of the client's own tools. */
export function isCall(type: Bytes): bool {
  return type.isIn(CALLS);
}

/** Whether an item of this type is a result of one. */
export function isOutput(type: Bytes): bool {
  if (type.equals(api.TOOL_SEARCH_OUTPUT)) return true;
  return type.endsWith(OUTPUT_END) && type.slice(0, type.length - OUTPUT_END.length).isIn(CALLS);
}

/** The results of an input by the call that they belong to, in order. */
export class Outputs {
  /** The first result of each call. */
  private readonly first: TextMap<i32> = new TextMap();
  private readonly last: TextMap<i32> = new TextMap();
  /** The next result of the same call, by node. */
  private readonly nextOf: Map<i32, i32> = new Map();
  private readonly called: TextMap<bool> = new TextMap();

  /** Adds a call. */
  call(id: Bytes): void {
    this.called.set(id, true);
  }

  /** Adds a result. */
  add(id: Bytes, node: i32): void {
    const before = this.last.get(id, -1);
    if (before < 0) this.first.set(id, node);
    else this.nextOf.set(before, node);
    this.last.set(id, node);
  }

  /** The first result of a call; −1 for none. */
  firstOf(id: Bytes): i32 {
    return this.first.get(id, -1);
  }

  /** The next result of the same call; −1 for none. */
  after(node: i32): i32 {
    return this.nextOf.has(node) ? this.nextOf.get(node) : -1;
  }

  /** Whether a result belongs to a call. */
  hasCall(id: Bytes): bool {
    return this.called.has(id);
  }
}

/** The identifier of a call or a result. */
export function callIdOf(document: JsonDocument, item: i32): Bytes {
  const id = document.text(document.member(item, api.CALL_ID));
  return id.length > 0 ? id : document.text(document.member(item, names.ID));
}

/** Writes a tool call as a function call. `signature`: Google's, empty for none. */
export function writeCall(
  document: JsonDocument,
  item: i32,
  conversion: ChatConversion,
  signature: Bytes,
  out: JsonWriter,
): void {
  const type = document.text(document.member(item, names.TYPE));
  const id = callIdOf(document, item);
  const name = document.text(document.member(item, names.NAME));
  const space = spaceOf(document, item, api.NAMESPACE);
  if (type.equals(names.FUNCTION_CALL)) {
    const sentName = sentToolName(conversion, space, name, ToolKind.Function);
    const json = document.text(document.member(item, names.ARGUMENTS));
    writeToolCall(out, id, sentName, json, signature);
  } else if (type.equals(api.CUSTOM_TOOL_CALL)) {
    const sentName = sentToolName(conversion, space, name, ToolKind.Custom);
    const text = document.text(document.member(item, INPUT));
    writeToolCall(out, id, sentName, textArguments(text), signature);
  } else if (type.equals(api.TOOL_SEARCH_CALL)) {
    const sentName = sentToolName(conversion, Bytes.empty(), api.TOOL_SEARCH, ToolKind.Search);
    const json = document.member(item, names.ARGUMENTS);
    const isObject = document.kind(json) == Kind.Object;
    writeToolCall(out, id, sentName, isObject ? document.raw(json) : EMPTY_OBJECT, signature);
  } else {
    const sentName = type.slice(0, type.length - CALL_END);
    let action = document.member(item, ACTION);
    if (action < 0) action = document.member(item, OPERATION);
    const json = new JsonWriter(64).piece(ACTION_OPEN);
    json.raw(action < 0 ? EMPTY_OBJECT : document.raw(action));
    writeToolCall(out, id, sentName, json.endObject().toBytes(), signature);
  }
}

/**
 * The results of a tool search, under the names that the model uses; their definitions are among the tools.
 */
export function toolsFound(document: JsonDocument, item: i32, conversion: ChatConversion): Bytes {
  const out = new ByteWriter(256).bytes(TOOLS_FOUND);
  const tools = document.member(item, TOOLS);
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const inner = document.member(tool, TOOLS);
    const space = spaceOf(document, tool, names.NAME);
    for (let child = document.firstItem(inner); child >= 0; child = document.after(child)) {
      addTool(document, child, space, conversion, out);
    }
    if (inner < 0) addTool(document, tool, Bytes.empty(), conversion, out);
  }
  return out.toBytes();
}

function addTool(
  document: JsonDocument,
  tool: i32,
  space: Bytes,
  conversion: ChatConversion,
  out: ByteWriter,
): void {
  const isCustom = document.text(document.member(tool, names.TYPE)).equals(api.CUSTOM);
  const kind = isCustom ? ToolKind.Custom : ToolKind.Function;
  const name = document.text(document.member(tool, names.NAME));
  out.bytes(LINE).bytes(sentToolName(conversion, space, name, kind));
  const about = document.text(document.member(tool, DESCRIPTION));
  if (about.length > 0) out.bytes(COLON).bytes(about);
}

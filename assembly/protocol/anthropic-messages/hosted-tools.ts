import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { Char } from "../../proxy-wasm/char";

const SERVER_USE = Bytes.of("server_tool_use");
const MCP_USE = Bytes.of("mcp_tool_use");
const RESULT = Bytes.of("_tool_result");
const SEARCH_RESULT = Bytes.of("web_search_tool_result");
const WEB_SEARCH = Bytes.of("web_search");
const SERVER_NAME = Bytes.of("server_name");
const INPUT = Bytes.of("input");
const TITLE = Bytes.of("title");
const URL = Bytes.of("url");
const SOURCE = Bytes.of("source");
const DATA = Bytes.of("data");
const TOOL_NAME = Bytes.of("tool_name");
const TOOL_REFERENCES = Bytes.of("tool_references");
const LINES = Bytes.of("lines");
const FOUND = Bytes.of("[web search:");
const CALLED = Bytes.of("[called ");
const ANSWERED = Bytes.of("[result:");
const CLOSE = Bytes.of("]");
const BLANK = Bytes.of(" ");
const LINE = Bytes.of("\n");
/** Members of a result that the model has read. */
const TEXTS: Bytes[] = [
  Bytes.of("error_code"),
  URL,
  TITLE,
  Bytes.of("stdout"),
  Bytes.of("stderr"),
  names.TEXT,
];

/**
 * What a block of an assistant's turn says about a tool that the vendor ran (search, fetching, code, MCP), as
 * text, because such blocks exist in Anthropic's protocol alone. Empty for any other block. A search is told
 * with its result only.
 */
export function hostedText(document: JsonDocument, block: i32, type: Bytes): Bytes {
  if (type.equals(SEARCH_RESULT)) return foundBy(document, block);
  if (type.equals(SERVER_USE) || type.equals(MCP_USE)) return calledBy(document, block);
  return type.endsWith(RESULT) ? answeredBy(document, block) : Bytes.empty();
}

/** Whether a block of an assistant's turn is about a tool that the vendor ran. */
export function isHosted(type: Bytes): bool {
  return type.equals(SERVER_USE) || type.equals(MCP_USE) || type.endsWith(RESULT);
}

/** Whether such a block is about a search of the web. */
export function isSearch(document: JsonDocument, block: i32, type: Bytes): bool {
  if (type.equals(SEARCH_RESULT)) return true;
  return type.equals(SERVER_USE) && document.textIs(document.member(block, names.NAME), WEB_SEARCH);
}

function foundBy(document: JsonDocument, block: i32): Bytes {
  const content = document.member(block, names.CONTENT);
  const out = new ByteWriter(128).bytes(FOUND);
  for (let found = document.firstItem(content); found >= 0; found = document.after(found)) {
    out.bytes(LINE).bytes(document.text(document.member(found, TITLE)));
    out.bytes(BLANK).bytes(document.text(document.member(found, URL)));
  }
  return out.bytes(CLOSE).toBytes();
}

function calledBy(document: JsonDocument, block: i32): Bytes {
  const name = document.text(document.member(block, names.NAME));
  if (name.equals(WEB_SEARCH)) return Bytes.empty();
  const server = document.text(document.member(block, SERVER_NAME));
  const out = new ByteWriter(128).bytes(CALLED);
  if (server.length > 0) out.bytes(server).byte(Char.Dot);
  out
    .bytes(name)
    .bytes(BLANK)
    .bytes(document.raw(document.member(block, INPUT)));
  return out.bytes(CLOSE).toBytes();
}

function answeredBy(document: JsonDocument, block: i32): Bytes {
  const out = new ByteWriter(128).bytes(ANSWERED);
  const content = document.member(block, names.CONTENT);
  if (document.kind(content) == Kind.Array) {
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      writeTexts(document, part, out);
    }
  } else writeTexts(document, content, out);
  return out.bytes(CLOSE).toBytes();
}

/** The texts of one result, or of one of its parts; a fetched document is one level deeper. */
function writeTexts(document: JsonDocument, result: i32, out: ByteWriter): void {
  if (document.kind(result) == Kind.String) return writeLine(out, document.text(result));
  writeMembers(document, result, out);
  const tools = document.member(result, TOOL_REFERENCES);
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    writeLine(out, document.text(document.member(tool, TOOL_NAME)));
  }
  const lines = document.member(result, LINES);
  for (let line = document.firstItem(lines); line >= 0; line = document.after(line)) {
    writeLine(out, document.text(line));
  }
  const content = document.member(result, names.CONTENT);
  if (document.kind(content) == Kind.String) writeLine(out, document.text(content));
  else writeMembers(document, content, out);
}

function writeMembers(document: JsonDocument, object: i32, out: ByteWriter): void {
  if (document.kind(object) != Kind.Object) return;
  for (let i = 0; i < TEXTS.length; i++) {
    writeLine(out, document.text(document.member(object, TEXTS[i])));
  }
  const source = document.member(object, SOURCE);
  const isText = document.textIs(document.member(source, names.TYPE), names.TEXT);
  if (isText) writeLine(out, document.text(document.member(source, DATA)));
}

function writeLine(out: ByteWriter, text: Bytes): void {
  if (text.length > 0) out.bytes(LINE).bytes(text);
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CACHE_CONTROL, cacheMarkOf, writeCacheMark } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { writeTextPart, writeToolCall } from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";
import { Signer, valueOf } from "../../chat/signature";
import { hostedText } from "./hosted-tools";

const TOOL_USE = Bytes.of("tool_use");
const EMPTY_OBJECT = Bytes.of("{}");
const INPUT = Bytes.of("input");
const THINKING = Bytes.of("thinking");
const DATA = Bytes.of("data");
const BLANK_LINE = Bytes.of("\n\n");
const NULL = Bytes.of("null");
const SIGNATURE = Bytes.of("signature");
const REDACTED = Bytes.of("redacted_thinking");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
/** The text of an empty turn, because some vendors reject empty ones. */
const BLANK_TEXT = Bytes.of(" ");

/** Writes one turn of the assistant. `from`: its first block. */
export function writeAssistant(
  document: JsonDocument,
  content: i32,
  from: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  out.object().key(names.ROLE).string(names.ASSISTANT).key(names.CONTENT);
  if (document.kind(content) != Kind.Array) {
    out.string(document.text(content)).endObject();
    return;
  }
  const text = new ByteWriter(64);
  const thoughts = new ByteWriter(16);
  let calls = 0;
  let kept = 0;
  /** Whether reasoning follows something else. */
  let isMixed: bool = false;
  let marked = -1;
  for (let block = from; block >= 0; block = document.after(block)) {
    const type = document.text(document.member(block, names.TYPE));
    if (document.member(block, CACHE_CONTROL) >= 0) marked = block;
    const isThought = type.equals(THINKING) && isKept(document, block);
    if (isThought || type.equals(REDACTED)) {
      kept++;
      if (text.length > 0 || calls > 0) isMixed = true;
    }
    if (type.equals(names.TEXT)) append(text, document.text(document.member(block, names.TEXT)));
    else if (type.equals(THINKING)) {
      append(thoughts, document.text(document.member(block, THINKING)));
    } else if (type.equals(TOOL_USE)) calls++;
    else append(text, hostedText(document, block, type));
  }
  if (text.length == 0 && calls > 0) out.raw(NULL);
  else out.string(text.length > 0 ? text.toBytes() : BLANK_TEXT);
  if (thoughts.length > 0) out.key(names.REASONING_CONTENT).string(thoughts.toBytes());
  if (kept > 0) writeThoughts(document, from, isMixed, out);
  if (calls > 0) writeCalls(document, from, out, conversion);
  if (marked >= 0) writeCacheMark(document, cacheMarkOf(document, marked), out);
  out.endObject();
}

/** Whether reasoning has a signature that the vendor wants back; Google's belongs to the call. */
function isKept(document: JsonDocument, block: i32): bool {
  const signature = document.text(document.member(block, SIGNATURE));
  return signature.length > 0 && valueOf(Signer.Google, signature).length == 0;
}

/**
 * Reasoning with the vendor's signatures, which only the vendor can read. `isMixed`: whether its position
 * among other blocks is recorded, too.
 */
function writeThoughts(document: JsonDocument, from: i32, isMixed: bool, out: JsonWriter): void {
  out.key(THINKING_BLOCKS).array();
  for (let block = from; block >= 0; block = document.after(block)) {
    const type = document.text(document.member(block, names.TYPE));
    const signature = document.member(block, SIGNATURE);
    const data = document.member(block, DATA);
    if (type.equals(REDACTED) && document.kind(data) == Kind.String) {
      out.object().key(names.TYPE).string(REDACTED).key(DATA).raw(document.raw(data)).endObject();
    } else if (isMixed && type.equals(names.TEXT)) {
      writeTextPart(out, document.text(document.member(block, names.TEXT)));
    } else if (isMixed && type.equals(TOOL_USE)) {
      out.object().key(names.TYPE).string(TOOL_USE).endObject();
    } else if (type.equals(THINKING) && isKept(document, block)) {
      out.object().key(names.TYPE).string(THINKING);
      out.key(THINKING).string(document.text(document.member(block, THINKING)));
      out.key(SIGNATURE).raw(document.raw(signature)).endObject();
    } else if (isMixed) {
      const shown = hostedText(document, block, type);
      if (shown.length > 0) writeTextPart(out, shown);
    }
  }
  out.endArray();
}

function append(out: ByteWriter, text: Bytes): void {
  if (out.length > 0 && text.length > 0) out.bytes(BLANK_LINE);
  out.bytes(text);
}

function writeCalls(
  document: JsonDocument,
  from: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  out.key(names.TOOL_CALLS).array();
  let signature = Bytes.empty();
  for (let block = from; block >= 0; block = document.after(block)) {
    const type = document.text(document.member(block, names.TYPE));
    if (type.equals(THINKING)) {
      signature = valueOf(Signer.Google, document.text(document.member(block, SIGNATURE)));
    } else if (type.equals(TOOL_USE)) {
      const input = document.member(block, INPUT);
      const json = document.kind(input) == Kind.Object ? document.raw(input) : EMPTY_OBJECT;
      const name = document.text(document.member(block, names.NAME));
      const sentName = conversion.tools.ofFunction(name);
      const id = document.text(document.member(block, names.ID));
      writeToolCall(out, id, sentName, json, signature);
      signature = Bytes.empty();
    }
  }
  out.endArray();
}

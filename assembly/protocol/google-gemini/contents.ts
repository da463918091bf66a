import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { IMAGE_NOTE, writeTextPart, writeToolMessage } from "../../chat/request-parts";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { OpenCalls } from "./open-calls";
import { isMedia, writeMedia } from "./media";
import { repeatedResults } from "./repeated-results";
import * as literals from "./literals";

const NULL = Bytes.of("null");
const BLANK_LINE = Bytes.of("\n\n");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const RESPONSE = Bytes.of("response");
const OUTPUT = Bytes.of("output");
const RESULT = Bytes.of("result");
const EARLIER = Bytes.of("result of an earlier call ");
const COLON = Bytes.of(": ");
const CODE = Bytes.of("code");
const EXECUTABLE: Bytes[] = [Bytes.of("executableCode"), Bytes.of("executable_code")];
const CODE_RESULT: Bytes[] = [Bytes.of("codeExecutionResult"), Bytes.of("code_execution_result")];
const FENCE = Bytes.of("\n```\n");
/** The text of an empty turn, because some vendors reject empty ones. */
const BLANK_TEXT = Bytes.of(" ");

/** Writes the instruction and the turns of a request as the messages of a chat. */
export class ContentsWriter {
  private readonly calls: OpenCalls = new OpenCalls();
  /** Results without a call. */
  private readonly orphans: Set<i32> = new Set();
  /** Parts with a repeated result. */
  private readonly repeated: Set<i32>;
  private turn: i32 = 0;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {
    this.repeated = repeatedResults(document);
  }

  write(): void {
    const document = this.document;
    this.out.array();
    this.writeInstruction(literals.find(document, 0, literals.SYSTEM_INSTRUCTION));
    const contents = document.member(0, literals.CONTENTS);
    for (let content = document.first(contents); content >= 0; content = document.after(content)) {
      const role = document.text(document.member(content, names.ROLE));
      const parts = document.member(content, literals.PARTS);
      if (role.equals(literals.MODEL_ROLE)) this.writeModel(parts);
      else this.writeUser(parts);
      this.turn++;
    }
    this.out.endArray();
  }

  private writeInstruction(instruction: i32): void {
    const document = this.document;
    const text = new ByteWriter(256);
    if (document.kind(instruction) == Kind.String) text.bytes(document.text(instruction));
    const parts = document.member(instruction, literals.PARTS);
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      append(text, document.text(document.member(part, literals.TEXT)));
    }
    if (text.length == 0) return;
    this.out.object().key(names.ROLE).string(names.SYSTEM);
    this.out.key(names.CONTENT).string(text.toBytes()).endObject();
  }

  /** The model's turn: texts, reasoning and calls. */
  private writeModel(parts: i32): void {
    const document = this.document;
    const out = this.out.object().key(names.ROLE).string(names.ASSISTANT).key(names.CONTENT);
    const text = new ByteWriter(64);
    const thoughts = new ByteWriter(16);
    let calls = 0;
    let signed = 0;
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      const content = document.text(document.member(part, literals.TEXT));
      if (document.isTrue(document.member(part, literals.THOUGHT))) {
        thoughts.bytes(content);
        if (literals.find(document, part, literals.SIGNATURES) >= 0) signed++;
      } else if (literals.find(document, part, literals.CALLS) >= 0) calls++;
      else if (content.length > 0) text.bytes(content);
      else this.appendCode(part, text);
    }
    if (text.length > 0) out.string(text.toBytes());
    else if (calls > 0) out.raw(NULL);
    else out.string(BLANK_TEXT);
    if (thoughts.length > 0) out.key(names.REASONING_CONTENT).string(thoughts.toBytes());
    if (signed > 0) this.writeThoughts(parts);
    if (calls > 0) this.writeCalls(parts);
    out.endObject();
  }

  /** Code that Google has run, and its result, as text. */
  private appendCode(part: i32, text: ByteWriter): void {
    const document = this.document;
    const code = literals.find(document, part, EXECUTABLE);
    const result = literals.find(document, part, CODE_RESULT);
    const content = document.text(
      code >= 0 ? document.member(code, CODE) : document.member(result, OUTPUT),
    );
    if (content.length > 0) text.bytes(FENCE).bytes(content).bytes(FENCE);
  }

  /** Reasoning with its signatures, which only its vendor can read. */
  private writeThoughts(parts: i32): void {
    const document = this.document;
    const out = this.out.key(THINKING_BLOCKS).array();
    let thoughts = new ByteWriter(64);
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      if (document.isTrue(document.member(part, literals.THOUGHT))) {
        thoughts.bytes(document.text(document.member(part, literals.TEXT)));
        const signature = document.text(literals.find(document, part, literals.SIGNATURES));
        if (signature.length > 0) {
          out.object().key(names.TYPE).string(THINKING).key(THINKING).string(thoughts.toBytes());
          out.key(SIGNATURE).string(signature).endObject();
          thoughts = new ByteWriter(64);
        }
      }
    }
    out.endArray();
  }

  private writeCalls(parts: i32): void {
    const document = this.document;
    const out = this.out.key(names.TOOL_CALLS).array();
    this.calls.begin(this.turn);
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      const call = literals.find(document, part, literals.CALLS);
      if (call >= 0) {
        const name = document.text(document.member(call, names.NAME));
        const id = this.calls.add(document.text(document.member(call, names.ID)), name);
        const args = document.member(call, literals.ARGS);
        const json =
          document.kind(args) == Kind.Object ? document.raw(args) : literals.EMPTY_OBJECT;
        out.object().key(names.ID).string(id).key(names.TYPE).string(names.FUNCTION);
        out.key(names.FUNCTION).object();
        out.key(names.NAME).string(this.conversion.tools.ofFunction(name));
        out.key(names.ARGUMENTS).string(json).endObject();
        this.writeSignature(document.text(literals.find(document, part, literals.SIGNATURES)));
        out.endObject();
      }
    }
    out.endArray();
  }

  /** The signature of a call, where chats have it. */
  private writeSignature(signature: Bytes): void {
    if (signature.length == 0) return;
    this.out.key(names.EXTRA_CONTENT).object().key(names.GOOGLE).object();
    this.out.key(names.THOUGHT_SIGNATURE).string(signature).endObject().endObject();
  }

  /** A user's turn: function results first, each as its own message, then the user's content. */
  private writeUser(parts: i32): void {
    const document = this.document;
    let others = 0;
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      if (this.repeated.has(part)) continue;
      const result = literals.find(document, part, literals.RESPONSES);
      if (result >= 0) others += this.writeResult(result);
      else others++;
    }
    if (others == 0) return;
    const out = this.out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
    let written = 0;
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      if (this.repeated.has(part)) continue;
      const result = literals.find(document, part, literals.RESPONSES);
      if (result >= 0) written += this.writeMoved(result);
      else if (this.writePart(part)) written++;
    }
    if (written == 0) writeTextPart(out, BLANK_TEXT);
    out.endArray().endObject();
  }

  /** Writes the message of a result; returns the number of parts that it cannot hold. */
  private writeResult(result: i32): i32 {
    const document = this.document;
    const name = document.text(document.member(result, names.NAME));
    const id = this.calls.take(document.text(document.member(result, names.ID)), name);
    const parts = document.member(result, literals.PARTS);
    const moved = document.kind(parts) == Kind.Array ? document.size(parts) : 0;
    // A result without a call becomes user content.
    if (id.length == 0) {
      this.orphans.add(result);
      return moved + 1;
    }
    writeToolMessage(this.out, id, this.textOf(result));
    return moved;
  }

  /** What of a result goes into the user's message; returns the number of parts. */
  private writeMoved(result: i32): i32 {
    const document = this.document;
    const name = document.text(document.member(result, names.NAME));
    let written = 0;
    if (this.orphans.has(result)) {
      const text = this.textOf(result);
      const out = new ByteWriter(text.length + name.length + 32).bytes(EARLIER).bytes(name);
      writeTextPart(this.out, out.bytes(COLON).bytes(text).toBytes());
      written++;
    }
    const parts = document.member(result, literals.PARTS);
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      const note = new ByteWriter(64).bytes(IMAGE_NOTE).bytes(name);
      writeTextPart(this.out, note.toBytes());
      this.writePart(part);
      written++;
    }
    return written;
  }

  /** A result in words: the one text that it holds, else its JSON. */
  private textOf(result: i32): Bytes {
    const document = this.document;
    const response = document.member(result, RESPONSE);
    if (document.kind(response) == Kind.String) return document.text(response);
    if (document.size(response) == 1 && document.kind(response) == Kind.Object) {
      let only = document.member(response, OUTPUT);
      if (only < 0) only = document.member(response, RESULT);
      if (document.kind(only) == Kind.String) return document.text(only);
    }
    return response < 0 ? Bytes.empty() : document.raw(response);
  }

  /** A part of what the user says; false for one that says nothing. */
  private writePart(part: i32): bool {
    const document = this.document;
    const text = document.member(part, literals.TEXT);
    if (document.kind(text) == Kind.String) {
      if (document.text(text).length == 0) return false;
      writeTextPart(this.out, document.text(text));
      return true;
    }
    if (isMedia(document, part)) return writeMedia(document, part, this.out, this.conversion);
    const code = new ByteWriter(64);
    this.appendCode(part, code);
    if (code.length == 0) return false;
    writeTextPart(this.out, code.toBytes());
    return true;
  }
}

function append(out: ByteWriter, text: Bytes): void {
  if (out.length > 0 && text.length > 0) out.bytes(BLANK_LINE);
  out.bytes(text);
}

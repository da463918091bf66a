import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import {
  DOCUMENT_NOTE,
  IMAGE_NOTE,
  writeTextPart,
  writeToolMessage,
} from "../../chat/request-parts";
import { Signer, valueOf } from "../../chat/signature";
import { ChatConversion } from "../../chat/conversion";
import { callIdOf, isCall, isOutput, Outputs, toolsFound, writeCall } from "./calls";
import { InputParts } from "./parts";
import { readSummary } from "./summary";
import * as api from "./literals";
import { Char } from "../../proxy-wasm/char";

const INPUT = Bytes.of("input");
const INSTRUCTIONS = Bytes.of("instructions");
const ENCRYPTED_CONTENT = Bytes.of("encrypted_content");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const THINKING = Bytes.of("thinking");
const REDACTED = Bytes.of("redacted_thinking");
const BY_REFERENCE =
  "an input item by reference cannot be sent to this provider, which keeps no state: with store: false " +
  "clients send their items whole";
const DATA = Bytes.of("data");
const SIGNATURE = Bytes.of("signature");
const INPUT_IMAGE = Bytes.of("input_image");
const INPUT_FILE = Bytes.of("input_file");
const NULL = Bytes.of("null");
const ABORTED = Bytes.of("aborted");
const EARLIER = Bytes.of("result of an earlier call:");
const AUTHOR = Bytes.of("author");
const RECIPIENT = Bytes.of("recipient");
const MESSAGE_FROM = Bytes.of("[message from ");
const MESSAGE_TO = Bytes.of(" to ");
const END_OF_HEAD = Bytes.of("]\n");
/** How what OpenAI has encrypted begins. */
const FERNET = Bytes.of("gAAAA");
const UNREADABLE = Bytes.of("[unreadable]");
const SUMMARISE = Bytes.of(
  "Write a summary of this conversation for another model that goes on with the work: the task, what has been " +
    "decided and done, what was learnt about files and commands, and what is left to do. Call no tool. " +
    "Answer with the summary alone.",
);
/** Items about tools that OpenAI has run, which the model need not see. */
const HOSTED: Bytes[] = [
  Bytes.of("web_search_call"),
  Bytes.of("file_search_call"),
  Bytes.of("code_interpreter_call"),
  Bytes.of("image_generation_call"),
  Bytes.of("computer_call"),
  Bytes.of("computer_call_output"),
  Bytes.of("mcp_call"),
  Bytes.of("mcp_list_tools"),
  Bytes.of("mcp_approval_request"),
  Bytes.of("mcp_approval_response"),
  Bytes.of("program"),
  Bytes.of("program_output"),
  Bytes.of("configuration_update"),
];

/** One turn of the assistant: several items, one chat message. */
class AssistantTurn {
  readonly text: ByteWriter = new ByteWriter(64);
  readonly thoughts: ByteWriter = new ByteWriter(16);
  /** Nodes of signed reasoning. */
  readonly signed: i32[] = [];
  /** Nodes of the calls. */
  readonly calls: i32[] = [];
  /** Google's signature of each; empty for none. */
  readonly signatures: Bytes[] = [];
  /** Google's signature of the next call. */
  nextSignature: Bytes = Bytes.empty();

  addCall(item: i32): void {
    this.calls.push(item);
    this.signatures.push(this.nextSignature);
    this.nextSignature = Bytes.empty();
  }

  /** Whether there is anything but reasoning. */
  get hasContent(): bool {
    return this.text.length > 0 || this.calls.length > 0;
  }
}

/**
 * Writes `instructions` and `input` of a Responses request as the messages of a chat request. Each call is
 * followed at once by its results, wherever they are; what was between follows them.
 */
export class ResponsesInput {
  private turn: AssistantTurn = new AssistantTurn();
  private readonly outputs: Outputs = new Outputs();
  /** Results with parts that a tool message cannot hold. */
  private readonly withParts: i32[] = [];
  private readonly parts: InputParts;
  /** Whether the client asks for a summary to replace the thread. */
  compacts: bool = false;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {
    this.parts = new InputParts(document, out, conversion);
  }

  /** Writes the messages into the open array. */
  write(): void {
    const document = this.document;
    const instructions = document.member(0, INSTRUCTIONS);
    if (document.kind(instructions) == Kind.String && document.text(instructions).length > 0) {
      this.parts.writeMessage(names.SYSTEM, instructions);
    }
    const input = document.member(0, INPUT);
    if (document.kind(input) == Kind.String) this.parts.writeMessage(names.USER, input);
    else if (document.kind(input) == Kind.Array) this.writeItems(input);
    else this.conversion.refuse("input is neither a text nor a list");
    if (this.compacts) this.writeUserText(SUMMARISE);
  }

  private writeItems(input: i32): void {
    const document = this.document;
    for (let item = document.first(input); item >= 0; item = document.after(item)) {
      const type = document.text(document.member(item, names.TYPE));
      if (isCall(type)) this.outputs.call(callIdOf(document, item));
      else if (isOutput(type)) this.outputs.add(callIdOf(document, item), item);
    }
    for (let item = document.first(input); item >= 0; item = document.after(item)) {
      this.writeItem(item);
    }
    this.endTurn();
  }

  private writeItem(item: i32): void {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    if (type.equals(names.REASONING)) this.takeReasoning(item);
    else if (isCall(type)) this.turn.addCall(item);
    else if (isOutput(type)) {
      this.endTurn();
      if (!this.outputs.hasCall(callIdOf(document, item))) this.writeOrphan(item);
    } else if (type.length == 0 || type.equals(names.MESSAGE)) {
      const role = document.text(document.member(item, names.ROLE));
      const content = document.member(item, names.CONTENT);
      // The type of a reference may be missing.
      const isReference = content < 0 && document.member(item, names.ID) >= 0;
      if (isReference) this.conversion.refuse(BY_REFERENCE);
      else if (role.equals(names.ASSISTANT)) this.takeText(content);
      else {
        this.endTurn();
        this.parts.writeMessage(role, content);
      }
    } else this.writeOther(item, type);
  }

  /** An item that is neither a message nor about a call. */
  private writeOther(item: i32, type: Bytes): void {
    if (type.equals(api.ADDITIONAL_TOOLS)) return;
    if (type.equals(api.COMPACTION_TRIGGER)) this.compacts = true;
    else if (type.equals(api.AGENT_MESSAGE)) this.writeAgentMessage(item);
    else if (type.equals(api.COMPACTION) || type.equals(api.CONTEXT_COMPACTION)) {
      this.writeCompaction(item);
    } else if (type.equals(api.ITEM_REFERENCE)) {
      this.conversion.refuse(BY_REFERENCE);
    } else this.conversion.losses.note(type.isIn(HOSTED) ? type.toString() : "input");
  }

  /** A message between agents, which Codex calls encrypted although it is not. */
  private writeAgentMessage(item: i32): void {
    const document = this.document;
    this.endTurn();
    const text = new ByteWriter(128).bytes(MESSAGE_FROM);
    text.bytes(document.text(document.member(item, AUTHOR))).bytes(MESSAGE_TO);
    text.bytes(document.text(document.member(item, RECIPIENT))).bytes(END_OF_HEAD);
    const parts = document.member(item, names.CONTENT);
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      text.bytes(document.text(document.member(part, names.TEXT)));
      const hidden = document.text(document.member(part, ENCRYPTED_CONTENT));
      text.bytes(hidden.startsWith(FERNET) ? UNREADABLE : hidden);
    }
    this.writeUserText(text.toBytes());
  }

  /** The summary of a thread, which only the service that made it can read. */
  private writeCompaction(item: i32): void {
    const value = this.document.text(this.document.member(item, ENCRYPTED_CONTENT));
    const text = readSummary(value);
    this.endTurn();
    if (text !== null) this.writeUserText(text);
    else this.conversion.refuse("this thread was compacted by another service");
  }

  private writeUserText(text: Bytes): void {
    const out = this.out.object().key(names.ROLE).string(names.USER);
    out.key(names.CONTENT).string(text).endObject();
  }

  /** Reasoning begins a turn, unless it is among parallel calls. */
  private takeReasoning(item: i32): void {
    const document = this.document;
    if (this.turn.text.length > 0 && this.turn.calls.length == 0) this.endTurn();
    const content = document.member(item, names.CONTENT);
    const hasContent = document.kind(content) == Kind.Array && document.size(content) > 0;
    this.appendTexts(hasContent ? content : document.member(item, api.SUMMARY), this.turn.thoughts);
    const signature = document.text(document.member(item, ENCRYPTED_CONTENT));
    const google = valueOf(Signer.Google, signature);
    if (google.length > 0) this.turn.nextSignature = google;
    else if (signature.length > 0 && !signature.startsWith(FERNET)) this.turn.signed.push(item);
  }

  private takeText(content: i32): void {
    if (this.turn.text.length > 0 && this.turn.calls.length == 0) this.endTurn();
    if (this.document.kind(content) == Kind.Array) this.appendTexts(content, this.turn.text);
    else this.turn.text.bytes(this.document.text(content));
  }

  /** The texts of a list of parts, refusals among them. */
  private appendTexts(parts: i32, out: ByteWriter): void {
    const document = this.document;
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      out.bytes(document.text(document.member(part, names.TEXT)));
      out.bytes(document.text(document.member(part, names.REFUSAL)));
    }
  }

  private endTurn(): void {
    const turn = this.turn;
    if (!turn.hasContent) {
      // Reasoning alone is useless for another model.
      this.turn = new AssistantTurn();
      return;
    }
    this.turn = new AssistantTurn();
    const out = this.out.object().key(names.ROLE).string(names.ASSISTANT).key(names.CONTENT);
    if (turn.text.length == 0) out.raw(NULL);
    else out.string(turn.text.toBytes());
    this.writeThoughts(turn);
    if (turn.calls.length > 0) {
      out.key(names.TOOL_CALLS).array();
      for (let i = 0; i < turn.calls.length; i++) {
        writeCall(this.document, turn.calls[i], this.conversion, turn.signatures[i], out);
      }
      out.endArray();
    }
    out.endObject();
    for (let i = 0; i < turn.calls.length; i++) this.writeResults(turn.calls[i]);
    this.writeParts();
  }

  private writeThoughts(turn: AssistantTurn): void {
    const document = this.document;
    const out = this.out;
    if (turn.thoughts.length > 0) {
      out.key(names.REASONING_CONTENT).string(turn.thoughts.toBytes());
    }
    if (turn.signed.length == 0) return;
    out.key(THINKING_BLOCKS).array();
    for (let i = 0; i < turn.signed.length; i++) {
      const item = turn.signed[i];
      const kept = document.text(document.member(item, ENCRYPTED_CONTENT));
      const hidden = valueOf(Signer.Redacted, kept);
      if (hidden.length > 0) {
        out.object().key(names.TYPE).string(REDACTED).key(DATA).string(hidden).endObject();
        continue;
      }
      const text = new ByteWriter(64);
      this.appendTexts(document.member(item, names.CONTENT), text);
      out.object().key(names.TYPE).string(THINKING).key(THINKING).string(text.toBytes());
      out.key(SIGNATURE).string(kept).endObject();
    }
    out.endArray();
  }

  /** Everything that came back from one call, as one result; a call that was cut has none. */
  private writeResults(call: i32): void {
    const id = callIdOf(this.document, call);
    let item = this.outputs.firstOf(id);
    if (item < 0) {
      writeToolMessage(this.out, id, ABORTED);
      return;
    }
    const text = new ByteWriter(64);
    while (item >= 0) {
      this.appendOutput(item, text);
      item = this.outputs.after(item);
    }
    writeToolMessage(this.out, id, text.toBytes());
  }

  /** The texts of a result, a line each. */
  private appendOutput(item: i32, text: ByteWriter): void {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    if (type.equals(api.TOOL_SEARCH_OUTPUT)) {
      addLine(text, toolsFound(document, item, this.conversion));
      return;
    }
    const output = document.member(item, api.OUTPUT);
    if (document.kind(output) == Kind.Object) addLine(text, document.raw(output));
    if (document.kind(output) != Kind.Array) {
      addLine(text, document.text(output));
      return;
    }
    let hasParts = false;
    for (let part = document.first(output); part >= 0; part = document.after(part)) {
      if (this.isMoved(part)) hasParts = true;
      else addLine(text, document.text(document.member(part, names.TEXT)));
    }
    if (hasParts) this.withParts.push(item);
  }

  private isMoved(part: i32): bool {
    const type = this.document.text(this.document.member(part, names.TYPE));
    return type.equals(INPUT_IMAGE) || type.equals(INPUT_FILE);
  }

  /** A result whose call is not there any more. */
  private writeOrphan(item: i32): void {
    const text = new ByteWriter(64).bytes(EARLIER);
    this.appendOutput(item, text);
    this.writeUserText(text.toBytes());
    this.writeParts();
  }

  /** The images and files of the results that have been written, after all of them. */
  private writeParts(): void {
    if (this.withParts.length == 0) return;
    const document = this.document;
    const out = this.out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
    for (let i = 0; i < this.withParts.length; i++) {
      const item = this.withParts[i];
      const output = document.member(item, api.OUTPUT);
      for (let part = document.first(output); part >= 0; part = document.after(part)) {
        if (this.isMoved(part)) {
          const type = document.text(document.member(part, names.TYPE));
          const note = new ByteWriter(48);
          note.bytes(type.equals(INPUT_IMAGE) ? IMAGE_NOTE : DOCUMENT_NOTE);
          writeTextPart(this.out, note.bytes(callIdOf(document, item)).toBytes());
          this.parts.write(part);
        }
      }
    }
    out.endArray().endObject();
    this.withParts.length = 0;
  }
}

function addLine(out: ByteWriter, text: Bytes): void {
  if (text.length == 0) return;
  if (out.length > 0) out.byte(Char.LineFeed);
  out.bytes(text);
}

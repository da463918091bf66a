import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonBuilder } from "../../json/builder";
import { JsonDocument, Kind } from "../../json/document";
import {
  ASSISTANT,
  FILE_DATA,
  FILENAME,
  IMAGE_NOTE,
  writeFilePart,
  writeTextPart,
  writeToolCall,
  writeToolMessage,
} from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";
import * as words from "./words";

const INSTRUCTIONS = Bytes.of("instructions");
const CALL_ID = Bytes.of("call_id");
const FUNCTION_CALL_OUTPUT = Bytes.of("function_call_output");
const ENCRYPTED_CONTENT = Bytes.of("encrypted_content");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const INPUT_IMAGE = Bytes.of("input_image");
const INPUT_FILE = Bytes.of("input_file");
const INPUT_AUDIO = Bytes.of("input_audio");
const IMAGE_URL = Bytes.of("image_url");
const URL = Bytes.of("url");
const DETAIL = Bytes.of("detail");
const LINE: u8 = 0x0a;

/** What the assistant said in one turn: several items, one message of a chat. */
class AssistantTurn {
  readonly text: ByteWriter = new ByteWriter(64);
  readonly thoughts: ByteWriter = new ByteWriter(16);
  signature: Bytes = Bytes.empty();
  /** Nodes of the calls. */
  readonly calls: i32[] = [];

  /** Whether something but reasoning has been said. */
  get hasSpoken(): bool {
    return this.text.length > 0 || this.calls.length > 0;
  }
}

/** Writes `instructions` and `input` of a Responses request as the messages of a chat request. */
export class ResponsesInput {
  private turn: AssistantTurn = new AssistantTurn();
  /** Results of tools with images in them, which no tool message can hold. */
  private readonly withImages: i32[] = [];

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonBuilder,
    private readonly conversion: ChatConversion,
  ) {}

  /** Writes the messages into the open array. */
  write(): void {
    const document = this.document;
    const instructions = document.member(0, INSTRUCTIONS);
    if (document.kind(instructions) == Kind.String) {
      this.writeMessage(names.SYSTEM, instructions);
    }
    const input = document.member(0, words.INPUT);
    if (document.kind(input) == Kind.String) this.writeMessage(names.USER, input);
    else if (document.kind(input) == Kind.Array) this.writeItems(input);
    else this.conversion.refuse("input is neither a text nor a list");
  }

  private writeItems(input: i32): void {
    const document = this.document;
    let item = input + 1;
    for (let left = document.size(input); left > 0; left--) {
      this.writeItem(item);
      item = document.next(item);
    }
    this.endTurn();
    this.writeImages();
  }

  private writeItem(item: i32): void {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    const isResult = type.equals(FUNCTION_CALL_OUTPUT);
    if (!isResult) this.writeImages();
    if (type.equals(names.REASONING)) this.takeReasoning(item);
    else if (type.equals(names.FUNCTION_CALL)) this.turn.calls.push(item);
    else if (isResult) this.writeResult(item);
    else if (type.length == 0 || type.equals(names.MESSAGE)) {
      const role = document.text(document.member(item, names.ROLE));
      const content = document.member(item, names.CONTENT);
      if (role.equals(ASSISTANT)) this.takeText(content);
      else {
        this.endTurn();
        this.writeMessage(role, content);
      }
    } else {
      const words = "an input item of type " + type.toString();
      this.conversion.refuse(words + " cannot be sent to this provider");
    }
  }

  private takeReasoning(item: i32): void {
    const document = this.document;
    if (this.turn.hasSpoken) this.endTurn();
    this.appendTexts(document.member(item, names.CONTENT), this.turn.thoughts);
    const signature = document.text(document.member(item, ENCRYPTED_CONTENT));
    if (signature.length > 0) this.turn.signature = signature;
  }

  private takeText(content: i32): void {
    if (this.turn.hasSpoken) this.endTurn();
    if (this.document.kind(content) == Kind.Array) this.appendTexts(content, this.turn.text);
    else this.turn.text.bytes(this.document.text(content));
  }

  /** The texts of a list of parts, refusals among them. */
  private appendTexts(parts: i32, out: ByteWriter): void {
    const document = this.document;
    let part = parts + 1;
    for (let left = document.size(parts); left > 0; left--) {
      out.bytes(document.text(document.member(part, names.TEXT)));
      out.bytes(document.text(document.member(part, names.REFUSAL)));
      part = document.next(part);
    }
  }

  private endTurn(): void {
    const turn = this.turn;
    const isThere = turn.hasSpoken;
    this.turn = new AssistantTurn();
    if (!isThere) return;
    const out = this.out.object().key(names.ROLE).string(ASSISTANT).key(names.CONTENT);
    if (turn.text.length == 0) out.raw(words.NULL);
    else out.string(turn.text.toBytes());
    if (turn.thoughts.length > 0) this.writeThoughts(turn);
    if (turn.calls.length > 0) {
      out.key(names.TOOL_CALLS).array();
      for (let i = 0; i < turn.calls.length; i++) this.writeCall(turn.calls[i]);
      out.endArray();
    }
    out.endObject();
  }

  private writeThoughts(turn: AssistantTurn): void {
    const thoughts = turn.thoughts.toBytes();
    if (this.conversion.takesReasoning) this.out.key(names.REASONING_CONTENT).string(thoughts);
    if (!this.conversion.takesSignatures || turn.signature.length == 0) return;
    this.out.key(THINKING_BLOCKS).array().object().key(names.TYPE).string(THINKING);
    this.out.key(THINKING).string(thoughts).key(SIGNATURE).string(turn.signature);
    this.out.endObject().endArray();
  }

  private writeCall(item: i32): void {
    const document = this.document;
    const id = document.text(document.member(item, CALL_ID));
    const name = document.text(document.member(item, names.NAME));
    writeToolCall(this.out, id, name, document.text(document.member(item, names.ARGUMENTS)));
  }

  /** A tool's result: its texts, a line each. */
  private writeResult(item: i32): void {
    this.endTurn();
    const document = this.document;
    const output = document.member(item, words.OUTPUT);
    const text = new ByteWriter(64);
    let hasImages = false;
    if (document.kind(output) == Kind.Array) {
      let part = output + 1;
      for (let left = document.size(output); left > 0; left--) {
        const type = document.text(document.member(part, names.TYPE));
        if (type.equals(INPUT_IMAGE)) hasImages = true;
        else {
          if (text.length > 0) text.byte(LINE);
          text.bytes(document.text(document.member(part, names.TEXT)));
        }
        part = document.next(part);
      }
    } else text.bytes(document.text(output));
    if (hasImages) this.withImages.push(item);
    writeToolMessage(this.out, document.text(document.member(item, CALL_ID)), text.toBytes());
  }

  /** The images of the results that have been written, as a user's message behind all of them. */
  private writeImages(): void {
    if (this.withImages.length == 0) return;
    const document = this.document;
    const out = this.out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
    for (let i = 0; i < this.withImages.length; i++) {
      const item = this.withImages[i];
      const note = new ByteWriter(48).bytes(IMAGE_NOTE);
      note.bytes(document.text(document.member(item, CALL_ID)));
      writeTextPart(this.out, note.toBytes());
      const output = document.member(item, words.OUTPUT);
      let part = output + 1;
      for (let left = document.size(output); left > 0; left--) {
        const type = document.text(document.member(part, names.TYPE));
        if (type.equals(INPUT_IMAGE)) this.writePart(part);
        part = document.next(part);
      }
    }
    out.endArray().endObject();
    this.withImages.length = 0;
  }

  /** A message of anyone but the assistant. One part of text becomes a text. */
  private writeMessage(role: Bytes, content: i32): void {
    const document = this.document;
    const out = this.out.object().key(names.ROLE).string(role).key(names.CONTENT);
    const isOne = document.kind(content) == Kind.Array && document.size(content) == 1;
    if (document.kind(content) != Kind.Array) out.string(document.text(content));
    else if (isOne && this.isText(content + 1)) {
      out.string(document.text(document.member(content + 1, names.TEXT)));
    } else {
      out.array();
      let part = content + 1;
      for (let left = document.size(content); left > 0; left--) {
        this.writePart(part);
        part = document.next(part);
      }
      out.endArray();
    }
    out.endObject();
  }

  private isText(part: i32): bool {
    const type = this.document.text(this.document.member(part, names.TYPE));
    return (
      type.equals(words.INPUT_TEXT) || type.equals(words.OUTPUT_TEXT) || type.equals(names.TEXT)
    );
  }

  private writePart(part: i32): void {
    const document = this.document;
    const type = document.text(document.member(part, names.TYPE));
    if (this.isText(part))
      writeTextPart(this.out, document.text(document.member(part, names.TEXT)));
    else if (type.equals(INPUT_IMAGE)) this.writeImage(part);
    else if (type.equals(INPUT_FILE)) this.writeFile(part);
    else if (type.equals(INPUT_AUDIO)) {
      const audio = document.member(part, INPUT_AUDIO);
      if (document.kind(audio) != Kind.Object) this.conversion.refuse("input_audio is no object");
      const out = this.out.object().key(names.TYPE).string(INPUT_AUDIO);
      out.key(INPUT_AUDIO).raw(document.raw(audio)).endObject();
    } else {
      const words = "a part of type " + type.toString();
      this.conversion.refuse(words + " cannot be sent to this provider");
    }
  }

  private writeImage(part: i32): void {
    const document = this.document;
    const url = document.text(document.member(part, IMAGE_URL));
    if (url.length == 0) this.conversion.refuse("an image by reference cannot be sent");
    const out = this.out.object().key(names.TYPE).string(IMAGE_URL).key(IMAGE_URL).object();
    out.key(URL).string(url);
    const detail = document.member(part, DETAIL);
    if (document.kind(detail) == Kind.String) out.key(DETAIL).raw(document.raw(detail));
    out.endObject().endObject();
  }

  private writeFile(part: i32): void {
    const document = this.document;
    const data = document.text(document.member(part, FILE_DATA));
    if (data.length == 0) this.conversion.refuse("a file by reference cannot be sent");
    const name = document.text(document.member(part, FILENAME));
    writeFilePart(this.out, name, data);
  }
}

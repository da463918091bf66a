import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf, onlyHas } from "../../json/keys";
import { writeKey } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as words from "./words";
import * as names from "../../chat/names";

const MAX_BLOCKS: i32 = 1024;
/** Members of `usage`; each of one is looked up in the other. */
const MAX_USAGE: i32 = 64;
const MESSAGE_START = Bytes.of("message_start");
const BLOCK_START = Bytes.of("content_block_start");
const BLOCK_DELTA = Bytes.of("content_block_delta");
const BLOCK_STOP = Bytes.of("content_block_stop");
const MESSAGE_DELTA = Bytes.of("message_delta");
const MESSAGE_STOP = Bytes.of("message_stop");
const PING = Bytes.of("ping");
const CONTENT_BLOCK = Bytes.of("content_block");
const TEXT_DELTA = Bytes.of("text_delta");
const THINKING_DELTA = Bytes.of("thinking_delta");
const SIGNATURE_DELTA = Bytes.of("signature_delta");
const INPUT_DELTA = Bytes.of("input_json_delta");
const PARTIAL_JSON = Bytes.of("partial_json");
const EMPTY_INPUT = Bytes.of("{}");
const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;

/** Members that blocks of each kind may have. */
const TEXT_MEMBERS: Bytes[] = [names.TYPE, names.TEXT, words.CITATIONS];
const THINKING_MEMBERS: Bytes[] = [names.TYPE, words.THINKING, words.SIGNATURE];
const TOOL_MEMBERS: Bytes[] = [names.TYPE, names.ID, names.NAME, words.INPUT];
const REDACTED_MEMBERS: Bytes[] = [names.TYPE, words.DATA];
const OWN: Bytes[] = [names.CONTENT, words.STOP_REASON, words.STOP_SEQUENCE, names.USAGE];
const DELTA_MEMBERS: Bytes[] = [words.STOP_REASON, words.STOP_SEQUENCE];

/** One block. Texts are kept as they stand between the quotes, escapes included. */
class Block {
  readonly text: ByteWriter = new ByteWriter(64);
  readonly signature: ByteWriter = new ByteWriter(16);
  /** JSON of a call's input. */
  readonly input: ByteWriter = new ByteWriter(16);
  id: Bytes = Bytes.empty();
  name: Bytes = Bytes.empty();
  /** The whole block, where it has no deltas. */
  raw: Bytes = Bytes.empty();

  constructor(readonly type: Bytes) {}

  /** Bytes of what is kept. */
  get size(): i32 {
    const texts = this.text.length + this.input.length + this.signature.length;
    return texts + this.raw.length + this.id.length + this.name.length;
  }
}

/**
 * Puts a streamed Anthropic message together again, as the JSON that the same request would have got
 * without `stream`. Anything that it cannot keep faithfully is a fault, so that such an answer is
 * never stored.
 */
export class MessagesAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly head: ByteWriter = new ByteWriter(128);
  private readonly blocks: Block[] = [];
  private usage: JsonDocument | null = null;
  private lastUsage: JsonDocument | null = null;
  private stopReason: Bytes = Bytes.empty();
  private stopSequence: Bytes = words.NULL;
  private isStarted: bool = false;
  private isDone: bool = false;
  /** Bytes that the blocks before the last hold. */
  private keptBefore: i32 = 0;

  /** `limit`: bytes that the answer may have. */
  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(_type: Bytes, data: Bytes): void {
    if (this.fault.length > 0 || this.isDone) return;
    const document = this.document;
    if (!document.parse(data)) return this.fail(AnswerFault.NotJson);
    const type = document.text(document.member(0, names.TYPE));
    if (type.equals(BLOCK_DELTA)) this.takeDelta();
    else if (type.equals(BLOCK_START)) this.takeBlock(document.member(0, CONTENT_BLOCK));
    else if (type.equals(MESSAGE_START)) this.takeStart(document.member(0, names.MESSAGE));
    else if (type.equals(MESSAGE_DELTA)) this.takeEnd();
    else if (type.equals(MESSAGE_STOP)) this.isDone = true;
    else if (type.equals(names.ERROR)) this.fail(AnswerFault.Error);
    else if (!type.equals(BLOCK_STOP) && !type.equals(PING)) this.fail(AnswerFault.UnknownDelta);
    if (this.kept > this.limit) this.fail(AnswerFault.TooLarge);
  }

  assemble(): Bytes | null {
    if (this.fault.length == 0 && (!this.isDone || this.stopReason.length == 0)) {
      this.fail(AnswerFault.Unfinished);
    }
    this.checkInputs();
    if (this.fault.length > 0) return null;
    const out = new ByteWriter(this.kept + 512).byte(0x7b).bytes(this.head.toBytes());
    writeKey(out, names.CONTENT).byte(0x5b);
    for (let i = 0; i < this.blocks.length; i++) {
      if (i > 0) out.byte(COMMA);
      writeBlock(out, this.blocks[i]);
    }
    writeKey(out.byte(0x5d).byte(COMMA), words.STOP_REASON).bytes(this.stopReason);
    writeKey(out.byte(COMMA), words.STOP_SEQUENCE).bytes(this.stopSequence);
    this.writeUsage(writeKey(out.byte(COMMA), names.USAGE));
    return out.byte(0x7d).toBytes();
  }

  /** The pieces of each input must have become an object. */
  private checkInputs(): void {
    for (let i = 0; i < this.blocks.length; i++) {
      const input = this.blocks[i].input;
      if (input.length == 0) continue;
      const parsed = JsonDocument.parse(input.toBytes());
      if (parsed === null || parsed.kind(0) != Kind.Object) this.fail(AnswerFault.NotJson);
    }
  }

  /** Bytes of what is kept. */
  private get kept(): i32 {
    const count = this.blocks.length;
    const last = count > 0 ? this.blocks[count - 1].size : 0;
    return this.head.length + this.keptBefore + last;
  }

  private takeStart(message: i32): void {
    const document = this.document;
    if (this.isStarted || document.kind(message) != Kind.Object) {
      return this.fail(AnswerFault.Shape);
    }
    this.isStarted = true;
    for (let key = document.first(message); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!keyIsOneOf(document, key, OWN)) {
        this.head.bytes(document.raw(key)).byte(0x3a).bytes(document.raw(value)).byte(COMMA);
      }
    }
    this.usage = this.keepUsage(document.member(message, names.USAGE));
  }

  private keepUsage(node: i32): JsonDocument | null {
    if (this.document.kind(node) != Kind.Object) return null;
    if (this.document.size(node) > MAX_USAGE) this.fail(AnswerFault.Shape);
    if (this.fault.length > 0) return null;
    return JsonDocument.parse(this.document.raw(node).copy());
  }

  private takeBlock(block: i32): void {
    const document = this.document;
    const isNext = this.index == this.blocks.length && this.isStarted;
    if (!isNext || this.blocks.length >= MAX_BLOCKS) return this.fail(AnswerFault.Shape);
    const type = document.text(document.member(block, names.TYPE)).copy();
    const kept = new Block(type);
    this.keptBefore = this.kept - this.head.length;
    this.blocks.push(kept);
    if (type.equals(names.TEXT) && onlyHas(document, block, TEXT_MEMBERS)) {
      if (document.size(document.member(block, words.CITATIONS)) > 0)
        this.fail(AnswerFault.UnknownDelta);
      appendText(document, document.member(block, names.TEXT), kept.text);
    } else if (type.equals(words.THINKING) && onlyHas(document, block, THINKING_MEMBERS)) {
      appendText(document, document.member(block, words.THINKING), kept.text);
      appendText(document, document.member(block, words.SIGNATURE), kept.signature);
    } else if (type.equals(words.TOOL_USE) && onlyHas(document, block, TOOL_MEMBERS)) {
      kept.id = document.raw(document.member(block, names.ID)).copy();
      kept.name = document.raw(document.member(block, names.NAME)).copy();
      const input = document.member(block, words.INPUT);
      if (document.size(input) > 0) kept.input.bytes(document.raw(input));
    } else if (type.equals(words.REDACTED) && onlyHas(document, block, REDACTED_MEMBERS)) {
      kept.raw = document.raw(block).copy();
    } else this.fail(AnswerFault.UnknownDelta);
  }

  private get index(): i32 {
    const raw = this.document.raw(this.document.member(0, names.INDEX));
    return <i32>parseDecimal(raw, -1);
  }

  private takeDelta(): void {
    const document = this.document;
    const at = this.index;
    if (at < 0 || at != this.blocks.length - 1) return this.fail(AnswerFault.Shape);
    const block = this.blocks[at];
    const delta = document.member(0, names.DELTA);
    const type = document.text(document.member(delta, names.TYPE));
    if (type.equals(TEXT_DELTA) && block.type.equals(names.TEXT)) {
      appendText(document, document.member(delta, names.TEXT), block.text);
    } else if (type.equals(THINKING_DELTA) && block.type.equals(words.THINKING)) {
      appendText(document, document.member(delta, words.THINKING), block.text);
    } else if (type.equals(SIGNATURE_DELTA) && block.type.equals(words.THINKING)) {
      appendText(document, document.member(delta, words.SIGNATURE), block.signature);
    } else if (type.equals(INPUT_DELTA) && block.type.equals(words.TOOL_USE)) {
      block.input.bytes(document.text(document.member(delta, PARTIAL_JSON)));
    } else this.fail(AnswerFault.UnknownDelta);
  }

  private takeEnd(): void {
    const document = this.document;
    const delta = document.member(0, names.DELTA);
    if (!onlyHas(document, delta, DELTA_MEMBERS)) return this.fail(AnswerFault.UnknownDelta);
    const reason = document.member(delta, words.STOP_REASON);
    if (document.kind(reason) == Kind.String) this.stopReason = document.raw(reason).copy();
    const sequence = document.member(delta, words.STOP_SEQUENCE);
    if (sequence >= 0) this.stopSequence = document.raw(sequence).copy();
    const usage = this.keepUsage(document.member(0, names.USAGE));
    if (usage !== null) this.lastUsage = usage;
  }

  /** The usage of the beginning with what the end says in its place. */
  private writeUsage(out: ByteWriter): void {
    const first = this.usage;
    const last = this.lastUsage;
    out.byte(0x7b);
    let written = 0;
    if (first !== null) written = copyMembers(out, first, last, written);
    if (last !== null) copyMembers(out, last, null, written);
    out.byte(0x7d);
  }
}

/** Appends members that `without` does not have; gives how many there are now. */
function copyMembers(
  out: ByteWriter,
  from: JsonDocument,
  without: JsonDocument | null,
  written: i32,
): i32 {
  for (let key = from.first(0); key >= 0; key = from.after(key + 1)) {
    const value = key + 1;
    if (without === null || without.member(0, from.text(key)) < 0) {
      if (written++ > 0) out.byte(COMMA);
      out.bytes(from.raw(key)).byte(0x3a).bytes(from.raw(value));
    }
  }
  return written;
}

function writeBlock(out: ByteWriter, block: Block): void {
  if (block.raw.length > 0) {
    out.bytes(block.raw);
    return;
  }
  writeKey(out.byte(0x7b), names.TYPE).byte(QUOTE).bytes(block.type).byte(QUOTE).byte(COMMA);
  if (block.type.equals(words.TOOL_USE)) {
    writeKey(out, names.ID).bytes(block.id).byte(COMMA);
    writeKey(out, names.NAME).bytes(block.name).byte(COMMA);
    const input = block.input.length > 0 ? block.input.toBytes() : EMPTY_INPUT;
    writeKey(out, words.INPUT).bytes(input).byte(0x7d);
    return;
  }
  const isText = block.type.equals(names.TEXT);
  writeKey(out, isText ? names.TEXT : words.THINKING).byte(QUOTE);
  out.bytes(block.text.toBytes()).byte(QUOTE);
  if (!isText) {
    writeKey(out.byte(COMMA), words.SIGNATURE).byte(QUOTE);
    out.bytes(block.signature.toBytes()).byte(QUOTE);
  }
  out.byte(0x7d);
}

/** Appends a string in its escaped form. */
function appendText(document: JsonDocument, node: i32, out: ByteWriter): void {
  if (document.kind(node) != Kind.String) return;
  out.bytes(document.source.slice(document.start(node), document.end(node)));
}

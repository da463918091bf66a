import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { BlockForm, formOf } from "./block-form";
import * as literals from "./literals";
import * as names from "../../chat/names";

const MAX_BLOCKS: i32 = 1024;
/** Members of `usage`; members of one are looked up in the other. */
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
const CITATIONS_DELTA = Bytes.of("citations_delta");
const SIGNATURE_DELTA = Bytes.of("signature_delta");
const INPUT_DELTA = Bytes.of("input_json_delta");
const PARTIAL_JSON = Bytes.of("partial_json");
const EMPTY_INPUT = Bytes.of("{}");

/** Members of a message that are sent at its end. */
const OWN: Bytes[] = [names.CONTENT, literals.STOP_REASON, literals.STOP_SEQUENCE, names.USAGE];
const END_MEMBERS: Bytes[] = [names.TYPE, names.DELTA, names.USAGE];
const DELTA_OWN: Bytes[] = [literals.STOP_REASON, literals.STOP_SEQUENCE];

/**
 * One block: what its start event contains, and what comes in deltas. Texts are kept escaped, as written
 * between the quotes.
 */
class Block {
  /** The joined texts of the deltas. */
  readonly text: ByteWriter = new ByteWriter(64);
  signature: Bytes = Bytes.empty();
  /** JSON of a call's input. */
  readonly input: ByteWriter = new ByteWriter(16);
  /** The items of a list of citations. */
  readonly citations: JsonWriter = new JsonWriter(16);
  /** The members that no delta continues. */
  readonly others: JsonWriter = new JsonWriter(64);

  /** `form`: what comes in deltas. */
  constructor(
    readonly type: Bytes,
    readonly form: BlockForm,
  ) {}

  /** Bytes kept. */
  get size(): i32 {
    const texts = this.text.length + this.input.length + this.signature.length;
    return texts + this.citations.length + this.others.length;
  }
}

/**
 * Reassembles a streamed Anthropic message into the JSON that the same request would have got without
 * `stream`. Anything that cannot be kept faithfully is a fault, so that such an answer is never cached.
 */
export class MessagesAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly head: JsonWriter = new JsonWriter(128);
  private readonly blocks: Block[] = [];
  private usage: JsonDocument | null = null;
  private lastUsage: JsonDocument | null = null;
  private stopReason: Bytes = Bytes.empty();
  private stopSequence: Bytes = literals.NULL;
  /** Other members of the end event. */
  private endMembers: Bytes = Bytes.empty();
  private isStarted: bool = false;
  private isDone: bool = false;
  /** Bytes of all blocks before the last one. */
  private keptBefore: i32 = 0;

  /** `limit`: largest answer in bytes. */
  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(name: Bytes, data: Bytes): void {
    // Clients raise an error behind the end as well.
    if (name.equals(names.ERROR)) this.fail(AnswerFault.Error);
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
    const out = new JsonWriter(this.kept + 512).object().piece(this.head.toBytes());
    out.key(names.CONTENT).array();
    for (let i = 0; i < this.blocks.length; i++) writeBlock(out, this.blocks[i]);
    out.endArray().key(literals.STOP_REASON).raw(this.stopReason);
    out.key(literals.STOP_SEQUENCE).raw(this.stopSequence);
    out.raw(this.endMembers);
    this.writeUsage(out.key(names.USAGE));
    return out.endObject().toBytes();
  }

  /** Checks that the pieces of each input form an object. */
  private checkInputs(): void {
    for (let i = 0; i < this.blocks.length; i++) {
      const input = this.blocks[i].input;
      if (input.length == 0) continue;
      const parsed = JsonDocument.parse(input.toBytes());
      if (parsed === null || parsed.kind(0) != Kind.Object) this.fail(AnswerFault.NotJson);
    }
  }

  /** Bytes kept. */
  private get kept(): i32 {
    const count = this.blocks.length;
    const last = count > 0 ? this.blocks[count - 1].size : 0;
    return this.head.length + this.endMembers.length + this.keptBefore + last;
  }

  private takeStart(message: i32): void {
    const document = this.document;
    if (this.isStarted || document.kind(message) != Kind.Object) {
      return this.fail(AnswerFault.Shape);
    }
    this.isStarted = true;
    for (let key = document.first(message); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      // What is sent at the end may also appear here, empty.
      const isLater = keyIsOneOf(document, key, literals.AT_END) && document.isAbsent(value);
      if (!isLater && !keyIsOneOf(document, key, OWN)) {
        this.head.member(document.raw(key), document.raw(value));
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
    if (type.length == 0) return this.fail(AnswerFault.Shape);
    const form = formOf(type);
    const kept = new Block(type, form);
    this.keptBefore = this.kept - this.head.length - this.endMembers.length;
    this.blocks.push(kept);
    for (let key = document.first(block); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      this.takeMember(kept, key, value);
    }
  }

  /** Takes a member of a block as it begins. */
  private takeMember(block: Block, key: i32, value: i32): void {
    const document = this.document;
    const form = block.form;
    if (document.keyEquals(key, names.TYPE)) return;
    if (form.text.length > 0 && document.keyEquals(key, form.text)) {
      appendText(document, value, block.text);
    } else if (form.isThought && document.keyEquals(key, literals.SIGNATURE)) {
      block.signature = contentOf(document, value).copy();
    } else if (form.isCall && document.keyEquals(key, literals.INPUT)) {
      if (document.size(value) > 0) block.input.bytes(document.raw(value));
    } else if (form.isText && document.keyEquals(key, literals.CITATIONS)) {
      if (document.size(value) == 0) return;
      const list = document.raw(value);
      block.citations.bytes(list.slice(1, list.length - 1));
    } else {
      block.others.member(document.raw(key), document.raw(value));
    }
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
    const form = block.form;
    const isThought = form.isThought;
    if (type.equals(TEXT_DELTA) && form.isText) {
      appendText(document, document.member(delta, names.TEXT), block.text);
    } else if (type.equals(CITATIONS_DELTA) && form.isText) {
      const citation = document.raw(document.member(delta, literals.CITATION));
      if (citation.length == 0) return this.fail(AnswerFault.Shape);
      block.citations.raw(citation);
    } else if (type.equals(THINKING_DELTA) && isThought) {
      appendText(document, document.member(delta, literals.THINKING), block.text);
    } else if (type.equals(SIGNATURE_DELTA) && isThought) {
      block.signature = contentOf(document, document.member(delta, literals.SIGNATURE)).copy();
    } else if (type.equals(INPUT_DELTA) && form.isCall) {
      block.input.bytes(document.text(document.member(delta, PARTIAL_JSON)));
    } else this.fail(AnswerFault.UnknownDelta);
  }

  private takeEnd(): void {
    const document = this.document;
    const delta = document.member(0, names.DELTA);
    const reason = document.member(delta, literals.STOP_REASON);
    if (document.kind(reason) == Kind.String) {
      this.stopReason = this.steady(this.stopReason, document.raw(reason));
    }
    const sequence = document.member(delta, literals.STOP_SEQUENCE);
    if (sequence >= 0) this.stopSequence = document.raw(sequence).copy();
    const others = new JsonWriter(16);
    this.takeOthers(delta, DELTA_OWN, others);
    this.takeOthers(0, END_MEMBERS, others);
    if (others.length > 0) this.endMembers = others.toBytes();
    const usage = this.keepUsage(document.member(0, names.USAGE));
    if (usage !== null) this.lastUsage = usage;
  }

  /** Keeps the members that are known to be sent at the end; any other one is a fault unless it is null. */
  private takeOthers(object: i32, own: Bytes[], out: JsonWriter): void {
    const document = this.document;
    for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!keyIsOneOf(document, key, own) && !document.isAbsent(value)) {
        if (!keyIsOneOf(document, key, literals.AT_END)) this.fail(AnswerFault.UnknownDelta);
        out.member(document.raw(key), document.raw(value));
      }
    }
  }

  /** The usage of the start event, overridden by that of the end event. */
  private writeUsage(out: JsonWriter): void {
    const first = this.usage;
    const last = this.lastUsage;
    out.object();
    if (first !== null) copyMembers(out, first, last);
    if (last !== null) copyMembers(out, last, null);
    out.endObject();
  }
}

/** Appends members that `without` does not have. */
function copyMembers(out: JsonWriter, from: JsonDocument, without: JsonDocument | null): void {
  for (let key = from.first(0); key >= 0; key = from.after(key + 1)) {
    const value = key + 1;
    if (without === null || without.member(0, from.text(key)) < 0) {
      out.member(from.raw(key), from.raw(value));
    }
  }
}

function writeBlock(out: JsonWriter, block: Block): void {
  const form = block.form;
  out.object().piece(block.others.toBytes()).key(names.TYPE).quoted(block.type);
  if (form.text.length > 0) out.key(form.text).quoted(block.text.toBytes());
  if (form.isThought) out.key(literals.SIGNATURE).quoted(block.signature);
  if (form.isCall) {
    const input = block.input.length > 0 ? block.input.toBytes() : EMPTY_INPUT;
    out.key(literals.INPUT).raw(input);
  }
  if (block.citations.length > 0) {
    out.key(literals.CITATIONS).array().piece(block.citations.toBytes()).endArray();
  }
  out.endObject();
}

/** Appends a string in its escaped form. */
function appendText(document: JsonDocument, node: i32, out: ByteWriter): void {
  out.bytes(contentOf(document, node));
}

/** A string as written between the quotes; empty for anything else. */
function contentOf(document: JsonDocument, node: i32): Bytes {
  if (document.kind(node) != Kind.String) return Bytes.empty();
  return document.content(node);
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { writeString } from "../../json/writer";
import { AnswerEncoder, TokenCounts } from "../answer-sink";
import { ItemKind, ResponseItem } from "./responses-item";
import { ResponseObject, ResponseStatus } from "./responses-object";

const EVENT = Bytes.of("event: ");
const DATA = Bytes.of('\ndata: {"type":"');
const SEQUENCE = Bytes.of('","sequence_number":');
const RESPONSE = Bytes.of(',"response":');
const OUTPUT_INDEX = Bytes.of(',"output_index":');
const ITEM = Bytes.of(',"item":');
const ITEM_ID = Bytes.of(',"item_id":');
const PART_INDEX = Bytes.of(',"content_index":0');
const PART = Bytes.of(',"part":');
const DELTA = Bytes.of(',"delta":');
const TEXT = Bytes.of(',"text":');
const NAME = Bytes.of(',"name":');
const ARGUMENTS = Bytes.of(',"arguments":');
const LOGPROBS = Bytes.of(',"logprobs":[]');
const CODE = Bytes.of(',"code":');
const MESSAGE = Bytes.of(',"message":');
const PARAM = Bytes.of(',"param":null');
const END = Bytes.of("}\n\n");

const CREATED = Bytes.of("response.created");
const IN_PROGRESS = Bytes.of("response.in_progress");
const ITEM_ADDED = Bytes.of("response.output_item.added");
const ITEM_DONE = Bytes.of("response.output_item.done");
const PART_ADDED = Bytes.of("response.content_part.added");
const PART_DONE = Bytes.of("response.content_part.done");
const TEXT_DELTA = Bytes.of("response.output_text.delta");
const TEXT_DONE = Bytes.of("response.output_text.done");
const REASONING_DELTA = Bytes.of("response.reasoning_text.delta");
const REASONING_DONE = Bytes.of("response.reasoning_text.done");
const ARGUMENTS_DELTA = Bytes.of("response.function_call_arguments.delta");
const ARGUMENTS_DONE = Bytes.of("response.function_call_arguments.done");
const COMPLETED = Bytes.of("response.completed");
const INCOMPLETE = Bytes.of("response.incomplete");
const FAILED = Bytes.of("response.failed");
const ERROR = Bytes.of("error");

/** Calls of one answer; further ones are dropped. */
const MAX_CALLS: i32 = 1024;
/** Bytes of an answer: its last event repeats all of it, so that it is kept. */
const MAX_KEPT: i32 = 8 << 20;

/**
 * Writes an answer as the events of OpenAI's Responses API: every item is announced, told in pieces
 * and repeated when it is done, and the last event repeats the whole answer.
 */
export class ResponsesStreamEncoder extends AnswerEncoder {
  private out: ByteWriter = new ByteWriter(1024);
  private sequence: u64 = 0;
  /** Null before the start. */
  private response: ResponseObject | null = null;
  private isOver: bool = false;
  /** Bytes that the items hold. */
  private kept: i32 = 0;
  /** Place of the open reasoning or message among the items, −1 for none. */
  private open: i32 = -1;
  /** Places of calls among the items, by the call's number. */
  private readonly placeOf: Map<i32, i32> = new Map();
  private readonly openCalls: i32[] = [];

  /** `echo`: members of the request that the answer repeats. */
  constructor(private readonly echo: Bytes) {
    super();
  }

  start(id: Bytes, model: Bytes, created: u64): void {
    if (this.response !== null || this.isOver) return;
    const response = new ResponseObject(id.copy(), model.copy(), created, this.echo);
    this.response = response;
    this.tellResponse(CREATED, response);
    this.tellResponse(IN_PROGRESS, response);
  }

  text(piece: Bytes): void {
    this.say(ItemKind.Message, TEXT_DELTA, piece);
  }

  reasoning(piece: Bytes): void {
    this.say(ItemKind.Reasoning, REASONING_DELTA, piece);
  }

  signature(value: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || value.length == 0 || !this.keep(value.length)) return;
    this.openItem(response, ItemKind.Reasoning).signature = value.copy();
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver) return;
    if (this.placeOf.has(index) || this.placeOf.size >= MAX_CALLS) return;
    this.closeOpen(response);
    const place = response.items.length;
    const item = response.add(ItemKind.Call, id.copy(), name.copy());
    this.placeOf.set(index, place);
    this.openCalls.push(place);
    item.writeAnnounced(this.begin(ITEM_ADDED, place).bytes(ITEM)).bytes(END);
  }

  toolArguments(index: i32, piece: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || piece.length == 0) return;
    if (!this.placeOf.has(index) || !this.keep(piece.length)) return;
    const place = this.placeOf.get(index);
    if (!this.openCalls.includes(place)) return;
    const item = response.items[place];
    item.text.bytes(piece);
    const out = this.begin(ARGUMENTS_DELTA, place).bytes(ITEM_ID);
    writeString(writeString(out, item.id).bytes(DELTA), piece).bytes(END);
  }

  usage(tokens: TokenCounts): void {
    const response = this.response;
    if (response !== null) response.tokens = tokens;
  }

  finish(reason: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || response.reason.length > 0) return;
    response.reason = reason.copy();
    this.closeAll(response);
  }

  fail(status: i32, code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    const out = this.beginEvent(ERROR);
    writeString(out.bytes(CODE), Bytes.of(code));
    writeString(out.bytes(MESSAGE), Bytes.of(message)).bytes(PARAM).bytes(END);
    const response = this.response;
    if (response === null) return;
    response.status = ResponseStatus.Failed;
    response.errorCode = code;
    response.errorMessage = message;
    this.tellResponse(FAILED, response);
  }

  end(): void {
    if (this.isOver) return;
    const response = this.response;
    if (response === null) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    this.closeAll(response);
    this.isOver = true;
    response.complete();
    const isWhole = response.status == ResponseStatus.Completed;
    this.tellResponse(isWhole ? COMPLETED : INCOMPLETE, response);
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(1024);
    return bytes;
  }

  /** A piece of the text or the reasoning. */
  private say(kind: ItemKind, event: Bytes, piece: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || piece.length == 0) return;
    if (!this.keep(piece.length)) return;
    const item = this.openItem(response, kind);
    item.text.bytes(piece);
    const out = this.begin(event, this.open).bytes(ITEM_ID);
    writeString(writeString(out, item.id).bytes(PART_INDEX).bytes(DELTA), piece);
    if (kind == ItemKind.Message) out.bytes(LOGPROBS);
    out.bytes(END);
  }

  /** Makes room for `size` bytes; false when the answer is too large, and then it has failed. */
  private keep(size: i32): bool {
    this.kept += size;
    if (this.kept <= MAX_KEPT) return true;
    this.fail(502, "upstream_incomplete", "the answer is too large");
    return false;
  }

  /** The open item, which is one of this kind now. */
  private openItem(response: ResponseObject, kind: ItemKind): ResponseItem {
    if (this.open >= 0 && response.items[this.open].kind == kind) return response.items[this.open];
    this.closeOpen(response);
    this.open = response.items.length;
    const item = response.add(kind);
    item.writeAnnounced(this.begin(ITEM_ADDED, this.open).bytes(ITEM)).bytes(END);
    this.tellPart(PART_ADDED, item, this.open, false);
    return item;
  }

  /** Ends the open reasoning or message. */
  private closeOpen(response: ResponseObject): void {
    const place = this.open;
    if (place < 0) return;
    this.open = -1;
    const item = response.items[place];
    const isText = item.kind == ItemKind.Message;
    const out = this.begin(isText ? TEXT_DONE : REASONING_DONE, place).bytes(ITEM_ID);
    writeString(out, item.id).bytes(PART_INDEX);
    writeString(out.bytes(TEXT), item.text.toBytes());
    if (isText) out.bytes(LOGPROBS);
    out.bytes(END);
    this.tellPart(PART_DONE, item, place, true);
    item.writeDone(this.begin(ITEM_DONE, place).bytes(ITEM)).bytes(END);
  }

  private closeAll(response: ResponseObject): void {
    this.closeOpen(response);
    for (let i = 0; i < this.openCalls.length; i++) {
      const place = this.openCalls[i];
      const item = response.items[place];
      const out = this.begin(ARGUMENTS_DONE, place).bytes(ITEM_ID);
      writeString(writeString(out, item.id).bytes(NAME), item.name);
      writeString(out.bytes(ARGUMENTS), item.arguments).bytes(END);
      item.writeDone(this.begin(ITEM_DONE, place).bytes(ITEM)).bytes(END);
    }
    this.openCalls.length = 0;
  }

  private tellPart(event: Bytes, item: ResponseItem, place: i32, isDone: bool): void {
    const out = this.begin(event, place).bytes(ITEM_ID);
    writeString(out, item.id).bytes(PART_INDEX).bytes(PART);
    item.writePart(out, isDone).bytes(END);
  }

  private tellResponse(event: Bytes, response: ResponseObject): void {
    response.write(this.beginEvent(event).bytes(RESPONSE)).bytes(END);
  }

  /** An event about the item at `place`. */
  private begin(event: Bytes, place: i32): ByteWriter {
    return this.beginEvent(event)
      .bytes(OUTPUT_INDEX)
      .decimal(<u64>place);
  }

  private beginEvent(event: Bytes): ByteWriter {
    this.out.bytes(EVENT).bytes(event).bytes(DATA).bytes(event);
    return this.out.bytes(SEQUENCE).decimal(this.sequence++);
  }
}

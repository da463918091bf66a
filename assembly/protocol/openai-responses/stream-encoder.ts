import { Bytes } from "../../proxy-wasm/bytes";
import { JsonEnd } from "../../json/json-end";
import { AnswerEncoder, MAX_CALLS, MAX_KEPT, shortName, TokenCounts } from "../../chat/answer-sink";
import { Signer, signedBy } from "../../chat/signature";
import { overflowCode, overflowMessage } from "../../chat/overflow";
import { AnswerTerms } from "../../chat/answer-terms";
import { ToolKind } from "../../chat/tool-names";
import * as names from "../../chat/names";
import { ResponseEvents } from "./events";
import * as api from "./literals";
import { ItemKind, ResponseItem } from "./item";
import { ResponseObject, ResponseStatus } from "./object";

const RESPONSE = Bytes.of(',"response":');
const ITEM = Bytes.of(',"item":');
const ITEM_ID = Bytes.of(',"item_id":');
const PART_INDEX = Bytes.of(',"content_index":0');
const PART = Bytes.of(',"part":');
const DELTA = Bytes.of(',"delta":');
const TEXT = Bytes.of(',"text":');
const REFUSAL = Bytes.of(',"refusal":');
const NAME = Bytes.of(',"name":');
const ARGUMENTS = Bytes.of(',"arguments":');
const INPUT = Bytes.of(',"input":');
const LOGPROBS = Bytes.of(',"logprobs":[]');
const CODE = Bytes.of(',"code":');
const MESSAGE = Bytes.of(',"message":');
const PARAM = Bytes.of(',"param":null');

/** Bytes of an item besides its text. */
const ITEM_SIZE: i32 = 512;

/**
 * Writes an answer as the events of OpenAI's Responses API: every item is announced, sent in pieces and
 * repeated when it is complete, and the last event repeats the whole answer.
 */
export class ResponsesStreamEncoder extends AnswerEncoder {
  private readonly events: ResponseEvents = new ResponseEvents(1024);
  /** Null before the start. */
  private response: ResponseObject | null = null;
  private isOver: bool = false;
  /** Bytes held by the items. */
  private kept: i32 = 0;
  /** Index of the open reasoning or message among the items, −1 for none. */
  private open: i32 = -1;
  /** Indexes of calls among the items, by the call's number. */
  private readonly placeOf: Map<i32, i32> = new Map();
  private readonly openCalls: i32[] = [];

  constructor(private readonly terms: AnswerTerms) {
    super();
  }

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    if (this.response !== null || this.isOver) return;
    const response = new ResponseObject(shortName(id), shortName(model), created, this.terms);
    this.response = response;
    this.writeResponse(api.CREATED, response);
    this.writeResponse(api.IN_PROGRESS, response);
  }

  text(piece: Bytes): void {
    this.writeText(ItemKind.Message, api.TEXT_DELTA, piece);
  }

  refusal(piece: Bytes): void {
    this.writeText(ItemKind.Refusal, api.REFUSAL_DELTA, piece);
  }

  reasoning(piece: Bytes): void {
    this.writeText(ItemKind.Reasoning, api.REASONING_DELTA, piece);
  }

  signature(value: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || value.length == 0 || !this.keep(value.length)) return;
    this.openItem(response, ItemKind.Reasoning).signature = value.copy();
    this.closeOpen(response);
  }

  redacted(data: Bytes): void {
    this.writeHidden(signedBy(Signer.Redacted, data));
  }

  callSignature(value: Bytes): void {
    this.writeHidden(signedBy(Signer.Google, value));
  }

  /** Reasoning of which the client keeps an opaque value. */
  private writeHidden(value: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver) return;
    this.closeOpen(response);
    this.signature(value);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver) return;
    if (this.placeOf.has(index) || this.placeOf.size >= MAX_CALLS) return;
    if (!this.keep(ITEM_SIZE + id.length + name.length)) return;
    this.closeOpen(response);
    this.endWholeCall(response);
    const place = response.items.length;
    const item = response.addCall(id, name);
    this.placeOf.set(index, place);
    this.openCalls.push(place);
    if (!item.isHeld) this.writeItemAdded(item, place);
  }

  private writeItemAdded(item: ResponseItem, place: i32): void {
    item.writeAnnounced(this.events.beginAt(api.ITEM_ADDED, place).piece(ITEM));
    this.events.end();
  }

  summary(value: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver) return;
    this.closeOpen(response);
    const place = response.items.length;
    const item = response.add(ItemKind.Compaction);
    item.text.bytes(value);
    this.writeItemAdded(item, place);
    item.writeDone(this.events.beginAt(api.ITEM_DONE, place).piece(ITEM));
    this.events.end();
  }

  toolArguments(index: i32, piece: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || piece.length == 0) return;
    if (!this.placeOf.has(index) || !this.keep(piece.length)) return;
    const place = this.placeOf.get(index);
    if (!this.openCalls.includes(place)) return;
    const item = response.items[place];
    item.text.bytes(piece);
    if (item.isHeld) return;
    const out = this.events.beginAt(api.ARGUMENTS_DELTA, place).piece(ITEM_ID);
    out.string(item.id).piece(DELTA).string(piece);
    this.events.end();
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
    const word = overflowCode(status, code, message);
    const text = overflowMessage(status, code, message);
    const out = this.events.begin(names.ERROR);
    out.piece(CODE).string(Bytes.of(word));
    out.piece(MESSAGE).string(Bytes.of(text)).piece(PARAM);
    this.events.end();
    const response = this.response;
    if (response === null) return;
    response.status = ResponseStatus.Failed;
    response.errorCode = word;
    response.errorMessage = text;
    this.writeResponse(api.FAILED, response);
  }

  end(): void {
    if (this.isOver) return;
    const response = this.response;
    if (response === null) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    // An answer of nothing is a message without text: without an item agents ask again.
    if (response.items.length == 0) this.announcePart(this.openItem(response, ItemKind.Message));
    this.closeAll(response);
    this.isOver = true;
    response.complete();
    const isWhole = response.status == ResponseStatus.Completed;
    this.writeResponse(isWhole ? api.COMPLETED : api.INCOMPLETE, response);
  }

  take(): Bytes {
    return this.events.take();
  }

  /** The last event repeats the whole answer. */
  held(): i32 {
    return this.kept;
  }

  /** A piece of the text or the reasoning. */
  private writeText(kind: ItemKind, event: Bytes, piece: Bytes): void {
    const response = this.response;
    if (response === null || this.isOver || piece.length == 0) return;
    if (!this.keep(piece.length)) return;
    const item = this.openItem(response, kind);
    this.announcePart(item);
    item.text.bytes(piece);
    const out = this.events.beginAt(event, this.open).piece(ITEM_ID);
    out.string(item.id).piece(PART_INDEX).piece(DELTA).string(piece);
    if (kind == ItemKind.Message) out.piece(LOGPROBS);
    this.events.end();
  }

  private announcePart(item: ResponseItem): void {
    if (item.hasPart) return;
    item.hasPart = true;
    this.writePart(api.PART_ADDED, item, this.open, false);
  }

  /** Reserves `size` bytes; false when the answer is too large and has failed. */
  private keep(size: i32): bool {
    this.kept += size;
    if (this.kept <= MAX_KEPT) return true;
    this.fail(502, "upstream_incomplete", "the answer is too large");
    return false;
  }

  /** The open item if it is of this kind, else a new one. */
  private openItem(response: ResponseObject, kind: ItemKind): ResponseItem {
    if (this.open >= 0 && response.items[this.open].kind == kind) return response.items[this.open];
    this.kept += ITEM_SIZE;
    this.closeOpen(response);
    this.endWholeCall(response);
    this.open = response.items.length;
    const item = response.add(kind);
    this.writeItemAdded(item, this.open);
    return item;
  }

  /** Ends the open reasoning or message. */
  private closeOpen(response: ResponseObject): void {
    const place = this.open;
    if (place < 0) return;
    this.open = -1;
    const item = response.items[place];
    if (item.hasPart) this.endPart(item, place);
    item.writeDone(this.events.beginAt(api.ITEM_DONE, place).piece(ITEM));
    this.events.end();
  }

  /** Ends the part that holds an item's text. */
  private endPart(item: ResponseItem, place: i32): void {
    const isRefusal = item.kind == ItemKind.Refusal;
    let type = isRefusal ? api.REFUSAL_DONE : api.TEXT_DONE;
    if (item.kind == ItemKind.Reasoning) type = api.REASONING_DONE;
    const out = this.events.beginAt(type, place).piece(ITEM_ID);
    out.string(item.id).piece(PART_INDEX);
    out.piece(isRefusal ? REFUSAL : TEXT).string(item.text.toBytes());
    if (item.kind == ItemKind.Message) out.piece(LOGPROBS);
    this.events.end();
    this.writePart(api.PART_DONE, item, place, true);
  }

  private closeAll(response: ResponseObject): void {
    this.closeOpen(response);
    for (let i = 0; i < this.openCalls.length; i++) {
      const place = this.openCalls[i];
      this.endCall(response.items[place], place);
    }
    this.openCalls.length = 0;
  }

  /**
   * Ends the one open call before anything else begins, if its arguments are complete: some clients support
   * one open item at a time. Checked once per call.
   */
  private endWholeCall(response: ResponseObject): void {
    if (this.openCalls.length != 1) return;
    const place = this.openCalls[0];
    const item = response.items[place];
    const end = new JsonEnd();
    end.push(item.text.toBytes());
    if (!end.isReached) return;
    this.openCalls.length = 0;
    this.endCall(item, place);
  }

  private endCall(item: ResponseItem, place: i32): void {
    if (item.isHeld) this.writeItemAdded(item, place);
    if (item.toolKind == ToolKind.Custom) this.writeInput(item, place);
    else if (item.toolKind == ToolKind.Function) {
      const out = this.events.beginAt(api.ARGUMENTS_DONE, place).piece(ITEM_ID);
      out.string(item.id).piece(NAME).string(item.name);
      out.piece(ARGUMENTS).string(item.arguments);
      this.events.end();
    }
    item.writeDone(this.events.beginAt(api.ITEM_DONE, place).piece(ITEM));
    this.events.end();
  }

  /** The input of a tool that takes text, in one piece. */
  private writeInput(item: ResponseItem, place: i32): void {
    const input = item.input;
    const delta = this.events.beginAt(api.CUSTOM_INPUT_DELTA, place).piece(ITEM_ID);
    delta.string(item.id).piece(DELTA).string(input);
    this.events.end();
    const done = this.events.beginAt(api.CUSTOM_INPUT_DONE, place).piece(ITEM_ID);
    done.string(item.id).piece(INPUT).string(input);
    this.events.end();
  }

  private writePart(event: Bytes, item: ResponseItem, place: i32, isDone: bool): void {
    const out = this.events.beginAt(event, place).piece(ITEM_ID);
    out.string(item.id).piece(PART_INDEX).piece(PART);
    item.writePart(out, isDone);
    this.events.end();
  }

  private writeResponse(event: Bytes, response: ResponseObject): void {
    response.write(this.events.begin(event).piece(RESPONSE));
    this.events.end();
  }
}

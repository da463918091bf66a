import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as names from "../../chat/names";
import { COMPLETED, FAILED, INCOMPLETE, ITEM_DONE, OUTPUT, RESPONSE } from "./literals";
import { Char } from "../../proxy-wasm/char";

const OUTPUT_INDEX = Bytes.of("output_index");
const ITEM = Bytes.of("item");
const MAX_ITEMS: i32 = 1024;

/**
 * Finds the answer in a stream of OpenAI's Responses API: its last event repeats all of it, or all but the
 * items of earlier events. A failed or truncated answer is a fault.
 */
export class ResponsesAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private answer: Bytes | null = null;
  /** The completed items. */
  private readonly items: ByteWriter = new ByteWriter(64);
  private itemCount: i32 = 0;

  /** `limit`: bytes of an answer. */
  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(type: Bytes, data: Bytes): void {
    if (this.fault.length > 0) return;
    const isOurs =
      type.equals(COMPLETED) ||
      type.equals(INCOMPLETE) ||
      type.equals(FAILED) ||
      type.equals(ITEM_DONE) ||
      type.equals(names.ERROR);
    // Without an `event` line, only the data has the type of the event.
    if (type.length > 0 && !isOurs) return;
    const document = this.document;
    if (!document.parse(data) || document.kind(0) != Kind.Object) {
      this.fail(AnswerFault.NotJson);
      return;
    }
    const itemType = document.text(document.member(0, names.TYPE));
    if (itemType.equals(FAILED) || itemType.equals(names.ERROR)) this.fail(AnswerFault.Error);
    else if (itemType.equals(INCOMPLETE)) this.fail(AnswerFault.FinishReason);
    else if (itemType.equals(ITEM_DONE)) this.takeItem();
    else if (itemType.equals(COMPLETED)) this.takeAnswer(document.member(0, RESPONSE));
  }

  assemble(): Bytes | null {
    if (this.answer === null) this.fail(AnswerFault.Unfinished);
    return this.fault.length > 0 ? null : this.answer;
  }

  private takeAnswer(response: i32): void {
    const document = this.document;
    const raw = document.raw(response);
    if (this.answer !== null || raw.length == 0) this.fail(AnswerFault.Shape);
    else if (raw.length > this.limit) this.fail(AnswerFault.TooLarge);
    else {
      const output = document.member(response, OUTPUT);
      const isLeftOut = document.kind(output) == Kind.Array && document.size(output) == 0;
      this.answer = isLeftOut && this.itemCount > 0 ? this.withItems(response, output) : raw.copy();
    }
  }

  private takeItem(): void {
    const document = this.document;
    const index = parseDecimal(document.raw(document.member(0, OUTPUT_INDEX)), -1);
    const item = document.raw(document.member(0, ITEM));
    if (index != <i64>this.itemCount || this.itemCount == MAX_ITEMS || item.length == 0) {
      return this.fail(AnswerFault.UnknownDelta);
    }
    if (this.itemCount++ > 0) this.items.byte(Char.Comma);
    if (this.items.bytes(item).length > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /** The response with the items in its list, which is empty. */
  private withItems(response: i32, output: i32): Bytes {
    const document = this.document;
    const at = document.start(output) + 1;
    const out = new ByteWriter(document.raw(response).length + this.items.length);
    out.bytes(document.source.slice(document.start(response), at)).bytes(this.items.toBytes());
    return out.bytes(document.source.slice(at, document.end(response))).toBytes();
  }
}

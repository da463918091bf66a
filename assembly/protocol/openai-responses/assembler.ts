import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as names from "../../chat/names";
import { COMPLETED, FAILED, INCOMPLETE, RESPONSE } from "./words";

/**
 * Finds the answer in a stream of OpenAI's Responses API: its last event repeats all of it. An
 * answer that failed or was cut off is a fault.
 */
export class ResponsesAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private answer: Bytes | null = null;

  /** `limit`: bytes of an answer. */
  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(type: Bytes, data: Bytes): void {
    if (this.fault.length > 0) return;
    const isEnd =
      type.equals(COMPLETED) ||
      type.equals(INCOMPLETE) ||
      type.equals(FAILED) ||
      type.equals(names.ERROR);
    // Without its line `event` an event says only in its data what it is.
    if (type.length > 0 && !isEnd) return;
    const document = this.document;
    if (!document.parse(data) || document.kind(0) != Kind.Object) {
      this.fail(AnswerFault.NotJson);
      return;
    }
    const told = document.text(document.member(0, names.TYPE));
    if (told.equals(FAILED) || told.equals(names.ERROR)) this.fail(AnswerFault.Error);
    else if (told.equals(INCOMPLETE)) this.fail(AnswerFault.FinishReason);
    else if (told.equals(COMPLETED)) this.takeAnswer(document.member(0, RESPONSE));
  }

  assemble(): Bytes | null {
    if (this.answer === null) this.fail(AnswerFault.Unfinished);
    return this.fault.length > 0 ? null : this.answer;
  }

  private takeAnswer(response: i32): void {
    const raw = this.document.raw(response);
    if (this.answer !== null || raw.length == 0) this.fail(AnswerFault.Shape);
    else if (raw.length > this.limit) this.fail(AnswerFault.TooLarge);
    else this.answer = raw.copy();
  }
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
import { areCallsWhole, isWholeText } from "../../chat/call-arguments";
import * as names from "../../chat/names";
import { OUTPUT, RESPONSE, STATUS } from "./literals";

const COMPLETED = Bytes.of("completed");
const INCOMPLETE_DETAILS = Bytes.of("incomplete_details");
const INCOMPLETE = Bytes.of("incomplete");

/** A view of a complete answer of OpenAI's Responses API. */
export class ResponsesAnswer extends AnswerView {
  /** Node of the list of items; −1 where there is none. */
  readonly output: i32;

  constructor(document: JsonDocument) {
    super(document);
    this.output = document.member(0, OUTPUT);
  }

  /** Whether a document has the form of such an answer. */
  static is(document: JsonDocument): bool {
    return document.text(document.member(0, names.OBJECT)).equals(RESPONSE);
  }

  /** Whether the answer holds more than reasoning and messages: calls, of the client or of the vendor. */
  get hasToolCalls(): bool {
    const document = this.document;
    for (let item = document.first(this.output); item >= 0; item = document.after(item)) {
      const type = document.text(document.member(item, names.TYPE));
      if (!type.equals(names.MESSAGE) && !type.equals(names.REASONING)) return true;
    }
    return false;
  }

  get text(): Bytes {
    const document = this.document;
    const out = new ByteWriter(64);
    for (let item = document.first(this.output); item >= 0; item = document.after(item)) {
      if (document.text(document.member(item, names.TYPE)).equals(names.MESSAGE)) {
        this.appendText(document.member(item, names.CONTENT), out);
      }
    }
    return out.toBytes();
  }

  /** Requires that it is complete, not refused, and contains a text or a call. */
  fault(): string {
    const document = this.document;
    if (!ResponsesAnswer.is(document)) {
      const isError = !document.isAbsent(document.member(0, names.ERROR));
      return isError ? AnswerFault.Error : AnswerFault.Shape;
    }
    if (!document.isAbsent(document.member(0, names.ERROR))) return AnswerFault.Error;
    if (document.kind(this.output) != Kind.Array) return AnswerFault.Shape;
    const status = document.text(document.member(0, STATUS));
    const isCut = !document.isAbsent(document.member(0, INCOMPLETE_DETAILS));
    if (isCut || status.equals(INCOMPLETE)) return AnswerFault.FinishReason;
    if (!status.equals(COMPLETED)) return AnswerFault.Unfinished;
    if (this.isRefused) return AnswerFault.Refusal;
    if (this.hasIncompleteItem) return AnswerFault.FinishReason;
    if (!areCallsWhole(document, this.output, isWholeItem)) return AnswerFault.Arguments;
    if (this.hasToolCalls || this.answerText.length > 0) return AnswerFault.None;
    return AnswerFault.Empty;
  }

  /** Whether an item is cut, whatever the answer says of itself. */
  private get hasIncompleteItem(): bool {
    const document = this.document;
    for (let item = document.first(this.output); item >= 0; item = document.after(item)) {
      if (document.textIs(document.member(item, STATUS), INCOMPLETE)) return true;
    }
    return false;
  }

  private appendText(content: i32, out: ByteWriter): void {
    const document = this.document;
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      out.bytes(document.text(document.member(part, names.TEXT)));
    }
  }

  /** Whether a part of a message is a refusal. */
  private get isRefused(): bool {
    const document = this.document;
    for (let item = document.first(this.output); item >= 0; item = document.after(item)) {
      const content = document.member(item, names.CONTENT);
      for (let part = document.first(content); part >= 0; part = document.after(part)) {
        if (document.text(document.member(part, names.TYPE)).equals(names.REFUSAL)) return true;
      }
    }
    return false;
  }
}

/** An item without arguments is whole, too. */
function isWholeItem(document: JsonDocument, item: i32): bool {
  return isWholeText(document.text(document.member(item, names.ARGUMENTS)));
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
import { areCallsWhole, isWholeObject } from "../../chat/call-arguments";
import * as literals from "./literals";
import * as names from "../../chat/names";

/** A view of a complete Anthropic message. */
export class MessagesAnswer extends AnswerView {
  /** Node of the content; −1 where there is none. */
  readonly content: i32;

  constructor(document: JsonDocument) {
    super(document);
    this.content = document.member(0, names.CONTENT);
  }

  /** Whether a document has the form of such a message. */
  static is(document: JsonDocument): bool {
    return document.text(document.member(0, names.TYPE)).equals(names.MESSAGE);
  }

  get hasToolCalls(): bool {
    return this.has(literals.TOOL_USE);
  }

  get text(): Bytes {
    const document = this.document;
    const out = new ByteWriter(64);
    for (let block = document.first(this.content); block >= 0; block = document.after(block)) {
      if (document.text(document.member(block, names.TYPE)).equals(names.TEXT)) {
        out.bytes(document.text(document.member(block, names.TEXT)));
      }
    }
    return out.toBytes();
  }

  /** Requires that it ended normally or with calls, was not refused, and contains a text or a call. */
  fault(): string {
    const document = this.document;
    if (!MessagesAnswer.is(document)) {
      const isError = document.text(document.member(0, names.TYPE)).equals(names.ERROR);
      return isError ? AnswerFault.Error : AnswerFault.Shape;
    }
    if (document.kind(this.content) != Kind.Array) return AnswerFault.Shape;
    const reason = document.text(document.member(0, literals.STOP_REASON));
    if (reason.length == 0) return AnswerFault.Unfinished;
    if (reason.equals(names.REFUSAL)) return AnswerFault.Refusal;
    const calls = this.hasToolCalls;
    const isGood = calls
      ? reason.equals(literals.TOOL_USE)
      : reason.equals(literals.END_TURN) || reason.equals(literals.STOP_SEQUENCE);
    if (!isGood) return AnswerFault.FinishReason;
    if (!calls && this.answerText.length == 0) return AnswerFault.Empty;
    const isWhole = areCallsWhole(document, this.content, isWholeBlock);
    return isWhole ? AnswerFault.None : AnswerFault.Arguments;
  }

  private has(type: Bytes): bool {
    const document = this.document;
    for (let block = document.first(this.content); block >= 0; block = document.after(block)) {
      if (document.text(document.member(block, names.TYPE)).equals(type)) return true;
    }
    return false;
  }
}

function isWholeBlock(document: JsonDocument, block: i32): bool {
  const isCall = document.textIs(document.member(block, names.TYPE), literals.TOOL_USE);
  return !isCall || isWholeObject(document, document.member(block, literals.INPUT));
}

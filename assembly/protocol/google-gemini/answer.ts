import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
import { areCallsWhole, isWholeObject } from "../../chat/call-arguments";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import * as literals from "./literals";

const STOP = Bytes.of("STOP");
/** Finish reasons of Google's filters. */
const REFUSED: Bytes[] = [
  Bytes.of("SAFETY"),
  Bytes.of("RECITATION"),
  Bytes.of("BLOCKLIST"),
  Bytes.of("PROHIBITED_CONTENT"),
  Bytes.of("SPII"),
  Bytes.of("IMAGE_SAFETY"),
];

/** A view of a complete `GenerateContentResponse`. */
export class GeminiAnswer extends AnswerView {
  /** Node of the only candidate; −1 where there is none. */
  readonly candidate: i32;
  /** Node of its parts; −1 where there are none. */
  readonly parts: i32;

  constructor(document: JsonDocument) {
    super(document);
    const candidates = document.member(0, literals.CANDIDATES);
    this.candidate = document.element(candidates, 0);
    const content = document.member(this.candidate, names.CONTENT);
    const parts = document.member(content, literals.PARTS);
    this.parts = document.kind(parts) == Kind.Array ? parts : -1;
  }

  /** Whether a document has the form of such a response. */
  static is(document: JsonDocument): bool {
    if (document.kind(document.member(0, literals.CANDIDATES)) == Kind.Array) return true;
    return document.kind(document.member(0, literals.PROMPT_FEEDBACK)) == Kind.Object;
  }

  get hasToolCalls(): bool {
    const document = this.document;
    for (let part = document.first(this.parts); part >= 0; part = document.after(part)) {
      if (document.member(part, literals.FUNCTION_CALL) >= 0) return true;
    }
    return false;
  }

  /** Parts that are not reasoning. */
  get text(): Bytes {
    const document = this.document;
    const out = new ByteWriter(64);
    for (let part = document.first(this.parts); part >= 0; part = document.after(part)) {
      if (!document.isTrue(document.member(part, literals.THOUGHT))) {
        out.bytes(document.text(document.member(part, literals.TEXT)));
      }
    }
    return out.toBytes();
  }

  get model(): Bytes {
    return this.document.text(this.document.member(0, literals.MODEL_VERSION));
  }

  /** Requires the only candidate, a normal end, and a text or a call. */
  fault(): string {
    const document = this.document;
    if (!document.isAbsent(document.member(0, names.ERROR))) return AnswerFault.Error;
    if (!GeminiAnswer.is(document)) return AnswerFault.Shape;
    const feedback = document.member(0, literals.PROMPT_FEEDBACK);
    if (!document.isAbsent(document.member(feedback, literals.BLOCK_REASON))) {
      return AnswerFault.Refusal;
    }
    if (document.size(document.member(0, literals.CANDIDATES)) != 1) return AnswerFault.Choices;
    const reason = document.text(document.member(this.candidate, literals.FINISH_REASON));
    if (reason.length == 0) return AnswerFault.Unfinished;
    if (reason.isIn(REFUSED)) return AnswerFault.Refusal;
    if (!reason.equals(STOP)) return AnswerFault.FinishReason;
    if (!areCallsWhole(document, this.parts, isWholePart)) return AnswerFault.Arguments;
    return this.hasToolCalls || this.answerText.length > 0 ? AnswerFault.None : AnswerFault.Empty;
  }
}

/** A call may have no arguments. */
function isWholePart(document: JsonDocument, part: i32): bool {
  const made = document.member(document.member(part, literals.FUNCTION_CALL), literals.ARGS);
  return document.isAbsent(made) || isWholeObject(document, made);
}

import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { AnswerView } from "../../../chat/answer-view";
import { ERROR } from "../../../chat/names";
import { isJsonType } from "../../../http/media-type";
import { JSON_UTF8 } from "../../../http/names";
import { JsonDocument, Kind } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerCapture, JsonCapture } from "../../form/answer-capture";
import { AnswerForm, ReplyBody } from "../../form/answer-form";

/** Judges whether a document is a complete and good answer of a function. */
export abstract class AnswerJudge {
  /** The fault of an answer, which is an object without an error (`AnswerFault`); empty for none. */
  abstract answerFault(answer: JsonDocument): string;

  /** Longest lifetime of an answer in seconds, 0 for no other limit than the configured one. */
  get longestLife(): u64 {
    return 0;
  }
}

/** A JSON answer that is cached as a whole. */
class WholeAnswer extends AnswerView {
  constructor(
    document: JsonDocument,
    private readonly judge: AnswerJudge,
  ) {
    super(document);
  }

  fault(): string {
    const document = this.document;
    if (document.kind(0) != Kind.Object) return AnswerFault.Shape;
    if (!document.isAbsent(document.member(0, ERROR))) return AnswerFault.Error;
    return this.judge.answerFault(document);
  }

  get hasToolCalls(): bool {
    return false;
  }

  get text(): Bytes {
    return Bytes.empty();
  }
}

/** JSON answers that are replayed byte for byte. */
export class WholeForm extends AnswerForm {
  constructor(
    protocol: ClientProtocol,
    private readonly judge: AnswerJudge,
  ) {
    super(protocol);
  }

  get longestLife(): u64 {
    return this.judge.longestLife;
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new WholeAnswer(document, this.judge);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, _includeUsage: bool): AnswerCapture | null {
    return isJsonType(type) ? new JsonCapture(limit, share, this) : null;
  }

  reply(answer: Bytes, _stream: bool, _usage: bool, _template: Bytes | null): ReplyBody | null {
    return new ReplyBody(JSON_UTF8, answer);
  }
}

import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { isJsonType } from "../../../http/media-type";
import { JSON_UTF8 } from "../../../http/names";
import { JsonDocument } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerCapture, JsonCapture } from "../../form/answer-capture";
import { ReplyBody } from "../../form/answer-form";
import { AnswerJudge, WholeForm } from "../whole/answer";

/** Accepts every object that is not empty and not an error. */
class AnyJudge extends AnswerJudge {
  answerFault(answer: JsonDocument): string {
    return answer.size(0) > 0 ? AnswerFault.None : AnswerFault.Empty;
  }
}

const JUDGE = new AnyJudge();

/**
 * JSON answers of any kind, unchanged. Streams are not cached, because it is unknown whether they are
 * complete.
 */
export class RawForm extends WholeForm {
  constructor(protocol: ClientProtocol) {
    super(protocol, JUDGE);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, _includeUsage: bool): AnswerCapture | null {
    return isJsonType(type) ? new JsonCapture(limit, share, this) : null;
  }

  reply(answer: Bytes, _stream: bool, _usage: bool, _template: Bytes | null): ReplyBody | null {
    return new ReplyBody(JSON_UTF8, answer);
  }
}

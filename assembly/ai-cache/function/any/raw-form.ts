import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { isJsonType } from "../../../http/media-type";
import { JSON_UTF8 } from "../../../http/names";
import { JsonDocument, Kind } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerCapture, JsonCapture } from "../../form/answer-capture";
import { ReplyBody } from "../../form/answer-form";
import { AnswerJudge, WholeForm } from "../whole/answer";

const SUCCESS = Bytes.of("success");
const ERRORS = Bytes.of("errors");
/** Members with a status of the answer, and what is no failure in them. */
const CODES: Bytes[] = [
  Bytes.of("code"),
  Bytes.of("status_code"),
  Bytes.of("error_code"),
  Bytes.of("errcode"),
];
const GOOD_CODES: Bytes[] = [
  Bytes.of("0"),
  Bytes.of("200"),
  Bytes.of(""),
  Bytes.of("ok"),
  Bytes.of("success"),
];

/** Accepts every object that is not empty and not an error. */
class AnyJudge extends AnswerJudge {
  answerFault(answer: JsonDocument): string {
    if (hasFailed(answer)) return AnswerFault.Error;
    return answer.size(0) > 0 ? AnswerFault.None : AnswerFault.Empty;
  }
}

/** Whether an answer of unknown form tells a failure in a usual way, with status 200. */
function hasFailed(answer: JsonDocument): bool {
  if (answer.kind(answer.member(0, SUCCESS)) == Kind.False) return true;
  if (answer.size(answer.member(0, ERRORS)) > 0) return true;
  for (let i = 0; i < CODES.length; i++) {
    const code = answer.member(0, CODES[i]);
    if (answer.isAbsent(code)) continue;
    const word = answer.kind(code) == Kind.String ? answer.text(code) : answer.raw(code);
    if (!word.isInIgnoringCase(GOOD_CODES)) return true;
  }
  return false;
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

import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { JsonDocument, Kind } from "../../../json/document";
import { Reason } from "../../report/reasons";
import { AnswerForm } from "../../form/answer-form";
import { FunctionRequest } from "../base/function-call";
import { AnswerJudge } from "../whole/answer";
import { WholeFunction } from "../whole/function";
import { SpeechForm } from "./form";

const STREAM_FORMAT = Bytes.of("stream_format");

/** Audio is not JSON. */
class NoJudge extends AnswerJudge {
  answerFault(_answer: JsonDocument): string {
    return AnswerFault.Shape;
  }
}

/** Text to speech. Audio only: event streams pass uncached. */
export class SpeechFunction extends WholeFunction {
  constructor() {
    super("speech", false, ["/audio/speech"], new NoJudge());
  }

  protected requestFault(document: JsonDocument): string {
    const format = document.member(0, STREAM_FORMAT);
    if (document.isAbsent(format)) return "";
    const isSound = document.kind(format) == Kind.String && document.text(format).equals(AUDIO);
    return isSound ? "" : Reason.IneligibleStream;
  }

  protected formFor(request: FunctionRequest): AnswerForm {
    return new SpeechForm(request.protocol);
  }
}

const AUDIO = Bytes.of("audio");

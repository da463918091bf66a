import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { STREAM } from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { Reason } from "../../report/reasons";
import { AnswerJudge } from "../whole/answer";
import { WholeFunction } from "../whole/function";

const DATA = Bytes.of("data");
const B64_JSON = Bytes.of("b64_json");
const SEED = Bytes.of("seed");

/** All images are in the answer: links to them expire after an hour or so. */
class ImageJudge extends AnswerJudge {
  answerFault(answer: JsonDocument): string {
    const data = answer.member(0, DATA);
    if (answer.kind(data) != Kind.Array || answer.size(data) == 0) return AnswerFault.Shape;
    for (let picture = answer.first(data); picture >= 0; picture = answer.after(picture)) {
      const content = answer.member(picture, B64_JSON);
      if (answer.kind(content) != Kind.String) return AnswerFault.Shape;
      if (answer.end(content) == answer.start(content)) return AnswerFault.Empty;
    }
    return AnswerFault.None;
  }
}

/** Image generation with a seed; without one each request expects a different image. */
export class ImagesFunction extends WholeFunction {
  constructor() {
    super("images", false, ["/images/generations"], new ImageJudge());
  }

  protected requestFault(document: JsonDocument): string {
    const stream = document.member(0, STREAM);
    const isWhole = document.isAbsent(stream) || document.kind(stream) == Kind.False;
    if (!isWhole) return Reason.IneligibleStream;
    const isSeeded = document.kind(document.member(0, SEED)) == Kind.Number;
    return isSeeded ? "" : Reason.IneligibleNoSeed;
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { PathPattern } from "../../../http/path-pattern";
import { JsonDocument } from "../../../json/document";
import { KeyDraft } from "../../key/cache-key";
import { FunctionName } from "../../config/cached-paths";
import { GET_WITHOUT_BODY } from "../../request/eligibility";
import { RequestShape } from "../../request/request-shape";
import { CachedFunction } from "../base/cached-function";
import { FunctionCall, FunctionRequest } from "../base/function-call";
import { AnswerJudge, WholeForm } from "../whole/answer";

/** Model lists change. */
const LIFE: u64 = 60;

class ModelsJudge extends AnswerJudge {
  get longestLife(): u64 {
    return LIFE;
  }

  answerFault(answer: JsonDocument): string {
    return answer.size(0) > 0 ? AnswerFault.None : AnswerFault.Empty;
  }
}

const JUDGE = new ModelsJudge();

/** The list of models, and one model. */
export class ModelsFunction extends CachedFunction {
  constructor() {
    super(new FunctionName("models", false, false), GET_WITHOUT_BODY);
    this.paths.push(new PathPattern("/models"));
    this.paths.push(new PathPattern("/models/*"));
  }

  /** Path and query are part of the scope, and there is nothing else. */
  open(request: FunctionRequest): FunctionCall {
    const nothing = Bytes.empty();
    const draft = KeyDraft.ofForm(request.scope, nothing, nothing);
    return FunctionCall.one(
      draft,
      new RequestShape(new WholeForm(request.protocol, JUDGE), nothing),
    );
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { MODEL } from "../../../chat/names";
import { PathPattern } from "../../../http/path-pattern";
import { JsonDocument, Kind } from "../../../json/document";
import { FunctionName } from "../../config/cached-paths";
import { KeyDraft } from "../../key/cache-key";
import { bodyFault, formOf } from "../../request/whole-key";
import { RequestShape } from "../../request/request-shape";
import { Reason } from "../../report/reasons";
import { AnswerForm } from "../../form/answer-form";
import { CachedFunction } from "../base/cached-function";
import { FunctionCall, FunctionRequest } from "../base/function-call";
import { AnswerJudge, WholeForm } from "./answer";

/** Requires one of several members, given by their paths. */
class MemberJudge extends AnswerJudge {
  constructor(
    private readonly members: string[],
    private readonly kind: Kind,
  ) {
    super();
  }

  answerFault(answer: JsonDocument): string {
    for (let i = 0; i < this.members.length; i++) {
      const names = this.members[i].split(".");
      let node = 0;
      for (let j = 0; j < names.length; j++) node = answer.member(node, Bytes.of(names[j]));
      if (node > 0 && answer.kind(node) == this.kind) return AnswerFault.None;
    }
    return AnswerFault.Shape;
  }
}

/** A function whose key is the whole body and whose answer is replayed unchanged. */
export class WholeFunction extends CachedFunction {
  /** `paths`: see `PathPattern`. `judge`: of its answers. */
  constructor(
    name: string,
    isUsual: bool,
    paths: string[],
    private readonly judge: AnswerJudge,
  ) {
    super(new FunctionName(name, isUsual, false));
    for (let i = 0; i < paths.length; i++) this.paths.push(new PathPattern(paths[i]));
  }

  /** A function whose answers have one of `members` (dotted paths) of a kind. */
  static row(
    name: string,
    isUsual: bool,
    paths: string[],
    members: string[],
    kind: Kind,
  ): WholeFunction {
    return new WholeFunction(name, isUsual, paths, new MemberJudge(members, kind));
  }

  open(request: FunctionRequest): FunctionCall {
    const body = request.body;
    const document = new JsonDocument(min(body.length >> 4, 4096));
    if (!document.parse(body)) return FunctionCall.none(Reason.IneligibleNotJson);
    if (document.kind(0) != Kind.Object) return FunctionCall.none(Reason.IneligibleShape);
    let fault = this.requestFault(document);
    if (fault.length == 0) fault = bodyFault(document);
    if (fault.length > 0) return FunctionCall.none(fault);
    const form = formOf(document, -1);
    if (form === null) return FunctionCall.none(Reason.IneligibleDuplicateKey);
    const draft = KeyDraft.ofForm(request.scope, form, Bytes.empty());
    const model = document.text(document.member(0, MODEL)).copy();
    return FunctionCall.one(draft, new RequestShape(this.formFor(request), model));
  }

  /** Why a request, an object, is not cached (`Reason`); empty when it is. */
  protected requestFault(_document: JsonDocument): string {
    return "";
  }

  /** How its answers are captured and replayed. */
  protected formFor(request: FunctionRequest): AnswerForm {
    return new WholeForm(request.protocol, this.judge);
  }
}

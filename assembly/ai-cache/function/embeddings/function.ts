import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { MODEL } from "../../../chat/names";
import { PathSegments } from "../../../http/path-pattern";
import { pathOf } from "../../../http/url";
import { JsonDocument, Kind } from "../../../json/document";
import { FunctionName } from "../../config/cached-paths";
import { KeyDraft } from "../../key/cache-key";
import { bodyFault, formOf, valueOf } from "../../request/whole-key";
import { RequestShape } from "../../request/request-shape";
import { Reason } from "../../report/reasons";
import { CachedFunction } from "../base/cached-function";
import { FunctionCall, FunctionRequest } from "../base/function-call";
import { AnswerJudge, WholeForm } from "../whole/answer";
import { EmbeddingBatch } from "./batch";
import { isAnswerTo } from "./divide";
import { ItemAnswerForm } from "./form";
import { FORMS } from "./forms";
import { ItemForm } from "./item-form";

/** Most items that are looked up separately; larger requests are cached whole. */
const MAX_ITEMS: i32 = 2048;

/** Whether an answer has the requested vectors. */
class VectorJudge extends AnswerJudge {
  /** `count`: of the items, −1 if they are unknown. */
  constructor(
    private readonly form: ItemForm,
    private readonly count: i32,
  ) {
    super();
  }

  answerFault(answer: JsonDocument): string {
    if (this.count >= 0) {
      return isAnswerTo(this.form, answer, this.count) ? AnswerFault.None : AnswerFault.Shape;
    }
    const lists = this.form.listsIn(answer);
    if (lists === null || answer.size(lists[0]) == 0) return AnswerFault.Shape;
    return AnswerFault.None;
  }
}

/** Those of the current path. */
const parts = new PathSegments();

/** Vectors of texts and the like. */
export class EmbeddingsFunction extends CachedFunction {
  constructor() {
    super(new FunctionName("embeddings", true, false));
  }

  matches(path: Bytes, segments: PathSegments): bool {
    return formFor(path, segments) !== null;
  }

  open(request: FunctionRequest): FunctionCall {
    const body = request.body;
    const document = new JsonDocument(min(body.length >> 4, 4096));
    if (!document.parse(body)) return FunctionCall.none(Reason.IneligibleNotJson);
    if (document.kind(0) != Kind.Object) return FunctionCall.none(Reason.IneligibleShape);
    const fault = bodyFault(document);
    if (fault.length > 0) return FunctionCall.none(fault);
    const path = pathOf(request.target);
    const form = formFor(path, parts.of(path));
    if (form === null) return FunctionCall.none(Reason.IneligiblePath);
    const inputs = form.inputsIn(document);
    let items = form.itemsIn(document, inputs);
    if (items.length > MAX_ITEMS) items = [];
    const shared = formOf(document, items.length > 0 ? inputs : -1);
    if (shared === null) return FunctionCall.none(Reason.IneligibleDuplicateKey);
    const wordings: Bytes[] = [];
    for (let i = 0; i < items.length; i++) {
      const wording = valueOf(document, items[i]);
      if (wording === null) return FunctionCall.none(Reason.IneligibleDuplicateKey);
      wordings.push(wording);
    }
    const model = document.text(document.member(0, MODEL)).copy();
    const count = items.length > 0 ? items.length : -1;
    const judge = new VectorJudge(form, count);
    let answers = new WholeForm(request.protocol, judge);
    if (count > 0) answers = new ItemAnswerForm(request.protocol, judge, form);
    const shape = new RequestShape(answers, model);
    const wording = items.length == 1 ? wordings[0] : Bytes.empty();
    const draft = KeyDraft.ofForm(request.scope, shared, wording);
    if (items.length < 2) return FunctionCall.one(draft, shape);
    return FunctionCall.many(
      new EmbeddingBatch(form, document, inputs, items, draft, wordings),
      shape,
    );
  }
}

function formFor(path: Bytes, segments: PathSegments): ItemForm | null {
  for (let i = 0; i < FORMS.length; i++) {
    const paths = FORMS[i].paths;
    for (let j = 0; j < paths.length; j++) {
      if (paths[j].matchesEnd(path, segments)) return FORMS[i];
    }
  }
  return null;
}

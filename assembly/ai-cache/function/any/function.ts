import { Bytes } from "../../../proxy-wasm/bytes";
import { MESSAGES, MODEL, STREAM } from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { hasLoneSurrogate } from "../../../json/surrogates";
import { FunctionName } from "../../config/cached-paths";
import { KeyDraft } from "../../key/cache-key";
import { KeyMode } from "../../key/key-mode";
import { Reason } from "../../report/reasons";
import { RequestShape } from "../../request/request-shape";
import { keyText } from "../../request/text-key";
import { bodyFault, formOf } from "../../request/whole-key";
import { CachedFunction } from "../base/cached-function";
import { FunctionCall, FunctionRequest } from "../base/function-call";
import { RawForm } from "./raw-form";
import { TextForm } from "./text-form";

/**
 * Any JSON, if configured: with `keyMode: text` by the Go plugin's paths, with `keyMode: full` the whole
 * body is the key and the whole answer the value. Chats remain chats.
 */
export class AnyFunction extends CachedFunction {
  constructor(private readonly chat: CachedFunction) {
    super(new FunctionName("", false, true));
  }

  open(request: FunctionRequest): FunctionCall {
    const config = request.config;
    const isText = config.keyMode == KeyMode.Text;
    // Values under a text key are chat completions.
    if (isText && !request.protocol.isNeutral) return FunctionCall.none(Reason.IneligiblePath);
    if (!isText || !config.answerPaths.isOwn) {
      const call = this.chat.open(request);
      if (call.fault != Reason.IneligibleNotChat) return call;
    }
    const body = request.body;
    const document = new JsonDocument(min(body.length >> 4, 4096));
    if (!document.parse(body)) return FunctionCall.none(Reason.IneligibleNotJson);
    return isText ? this.openText(request, document) : this.openWhole(request, document);
  }

  private openText(request: FunctionRequest, document: JsonDocument): FunctionCall {
    const config = request.config;
    if (hasLoneSurrogate(document)) return FunctionCall.none(Reason.IneligibleSurrogate);
    const text = keyText(document, document.member(0, MESSAGES), config);
    if (text.trim().length == 0) return FunctionCall.none(Reason.IneligibleNoKey);
    const stream = document.member(0, STREAM);
    const isClear = document.isAbsent(stream) || document.kind(stream) <= Kind.True;
    if (!isClear) return FunctionCall.none(Reason.IneligibleStream);
    const form = new TextForm(request.protocol, config.answerPaths);
    const shape = new RequestShape(form, modelIn(document), document.isTrue(stream));
    return FunctionCall.one(KeyDraft.ofText(text), shape);
  }

  private openWhole(request: FunctionRequest, document: JsonDocument): FunctionCall {
    const isObject = document.kind(0) == Kind.Object;
    const fault = isObject ? bodyFault(document) : Reason.IneligibleShape;
    if (fault.length > 0) return FunctionCall.none(fault);
    const form = formOf(document, -1, false);
    if (form === null) return FunctionCall.none(Reason.IneligibleDuplicateKey);
    const draft = KeyDraft.ofForm(request.scope, form, Bytes.empty());
    const answers = new RawForm(request.protocol);
    return FunctionCall.one(draft, new RequestShape(answers, modelIn(document)));
  }
}

function modelIn(document: JsonDocument): Bytes {
  return document.text(document.member(0, MODEL)).copy();
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { PathSegments } from "../../../http/path-pattern";
import { PROTOCOLS } from "../../../protocol/registry";
import { FunctionName } from "../../config/cached-paths";
import { KeyMode } from "../../key/key-mode";
import { makeKey } from "../../request/make-key";
import { RequestShape } from "../../request/request-shape";
import { Reason } from "../../report/reasons";
import { CachedFunction } from "../base/cached-function";
import { FunctionCall, FunctionRequest } from "../base/function-call";
import { ChatForm } from "./form";

/** Chats, in any client protocol. */
export class ChatFunction extends CachedFunction {
  constructor() {
    super(new FunctionName("chat", true, true));
  }

  matches(path: Bytes, _parts: PathSegments): bool {
    for (let i = 0; i < PROTOCOLS.length; i++) {
      const endings = PROTOCOLS[i].cachedPaths;
      for (let j = 0; j < endings.length; j++) {
        if (path.endsWith(Bytes.of(endings[j]))) return true;
      }
    }
    return false;
  }

  open(request: FunctionRequest): FunctionCall {
    const body = request.body;
    const protocol = request.protocol;
    const document = new JsonDocument(min(body.length >> 4, 4096));
    const view = protocol.readRequest(body, document, request.target);
    if (view === null) {
      const isJson = document.error.length == 0;
      return FunctionCall.none(isJson ? Reason.IneligibleNotChat : Reason.IneligibleNotJson);
    }
    const made = makeKey(request.config, view, request.scope);
    const draft = made.draft;
    if (draft === null) return FunctionCall.none(made.fault);
    // As in the Go plugin, where only the text is cached.
    const needsReason = request.config.keyMode != KeyMode.Text;
    const form = new ChatForm(protocol, view.streamsArray, needsReason, view.demand);
    const model = view.model.copy();
    return FunctionCall.one(draft, new RequestShape(form, model, view.stream, view.includeUsage));
  }
}

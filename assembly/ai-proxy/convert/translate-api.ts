import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { Exchange } from "../exchange/exchange";
import { ApiDialect, ApiRequest } from "../provider/base/api-dialect";
import { refused, RequestEdit } from "./request-body";

/** Converts the JSON body of another API than chats for the vendor; sets the path that belongs to it. */
export function translateApi(exchange: Exchange, dialect: ApiDialect, body: Bytes): RequestEdit {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    return refused(body, "the request body is not a JSON object");
  }
  const edit = new RequestEdit(body);
  const model = document.member(0, names.MODEL);
  if (!document.isAbsent(model) && document.kind(model) != Kind.String) {
    return refused(body, "model is not a string");
  }
  edit.model = document.text(model);
  const mapped = edit.model.length > 0 ? exchange.runtime.models.nameOf(edit.model) : null;
  edit.upstreamModel = mapped === null ? edit.model : mapped;
  if (dialect.needsModel && edit.upstreamModel.length == 0) {
    return refused(body, "the model is missing");
  }
  const target = exchange.target;
  const request = new ApiRequest(document, edit.upstreamModel, target, exchange.betas);
  edit.body = dialect.write(request);
  exchange.apiPath = dialect.path(request);
  if (request.fault.length > 0) return refused(body, request.fault);
  exchange.apiRequest = request.withoutDocument();
  return edit;
}

/** Sets the path of a request without a body. */
export function translateTarget(exchange: Exchange, dialect: ApiDialect): void {
  const nothing = new JsonDocument(1);
  const request = new ApiRequest(nothing, Bytes.empty(), exchange.target);
  exchange.apiPath = dialect.path(request);
  exchange.apiRequest = request;
}

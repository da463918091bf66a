import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { ApiName } from "../api/api-name";
import { Exchange } from "../exchange/exchange";
import { NativeShape } from "../features/shape-native";
import { NativeApi, NativeRequest } from "../provider/base/native-api";
import { RequestEdit } from "./request-body";

/** Whether the vendor counts the tokens of a request: natively, or in a form of its own. */
export function countsTokens(exchange: Exchange, body: Bytes): bool {
  const native = exchange.plan.native;
  const api = exchange.apiDialect;
  if (native === null && api === null) return false;
  const document = JsonDocument.parse(body);
  if (document === null) return false;
  const model = vendorsModel(exchange, document);
  if (model.length == 0) return false;
  if (api !== null) return api.takes(model);
  return native !== null && native.takes(model, exchange.target);
}

/** The vendor's name of the model in a body; empty for none. */
function vendorsModel(exchange: Exchange, document: JsonDocument): Bytes {
  const asked = askedModel(document);
  const mapped = asked.length > 0 ? exchange.runtime.models.nameOf(asked) : null;
  return mapped === null ? asked : mapped;
}

function askedModel(document: JsonDocument): Bytes {
  return document.text(document.member(0, names.MODEL));
}

/**
 * Prepares a native request for a vendor that accepts them for some models. Null if it does not accept this
 * one, or if the body is invalid, which the translation reports.
 */
export function editNatively(
  exchange: Exchange,
  native: NativeApi,
  body: Bytes,
): RequestEdit | null {
  const document = JsonDocument.parse(body);
  if (document === null || document.kind(0) != Kind.Object) return null;
  const model = vendorsModel(exchange, document);
  if (model.length == 0 || !native.takes(model, exchange.target)) return null;
  const stream = document.isTrue(document.member(0, names.STREAM));
  const request = new NativeRequest(model, exchange.target, stream, exchange.betas);
  const changes = new Splice(body);
  const members = new ObjectEdit(document, 0, changes);
  const features = exchange.runtime.models.featuresOf(model);
  if (features !== null && native.api == ApiName.AnthropicMessages) {
    const losses = exchange.losses;
    exchange.protocol.repair(document, members, changes, losses, features.repairTerms());
    const isMapped = !model.equals(askedModel(document));
    new NativeShape(document, features, members, changes, losses).apply(isMapped);
  }
  native.edit(document, members, changes, request);
  members.finish();
  const edit = new RequestEdit(body);
  edit.out = changes.edited();
  if (changes.isEmpty) edit.document = document;
  edit.model = askedModel(document);
  edit.upstreamModel = model;
  edit.stream = stream;
  exchange.noteNative(native.path(request));
  return edit;
}

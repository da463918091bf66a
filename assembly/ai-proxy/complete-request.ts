import { Bytes } from "../proxy-wasm/bytes";
import { RootContext } from "../proxy-wasm/context";
import { LocalReply } from "../proxy-wasm/local-reply";
import { logDebug, logEnabled } from "../proxy-wasm/log";
import { LogLevel } from "../proxy-wasm/types";
import { AwaitedText } from "./provider/base/awaited-text";
import { BodyForm } from "./body-form";
import { checkModel } from "./convert/model-name";
import { editForm, RequestEdit } from "./convert/request-body";
import { translateRequest } from "./convert/translate-request";
import { Exchange } from "./exchange/exchange";
import { badBody, modelMissing, unreadBody } from "./exchange/refusals";
import { countLoss } from "./report/metrics";

/** What becomes of a complete request: it waits for a text, is refused, or goes on. */
export class Completion {
  private constructor(
    /** What it waits for; it is completed anew when that is there. */
    readonly missing: AwaitedText | null,
    /** The answer to one that does not go on. */
    readonly refusal: LocalReply | null,
    /** The body as it goes on. */
    readonly body: Bytes,
  ) {}

  static waits(missing: AwaitedText): Completion {
    return new Completion(missing, null, Bytes.empty());
  }

  static refused(reply: LocalReply): Completion {
    return new Completion(null, reply, Bytes.empty());
  }

  static goesOn(body: Bytes): Completion {
    return new Completion(null, null, body);
  }
}

/**
 * What becomes of a request that is complete, with its `body` or, where it has none, null. The same
 * whether it has waited or not, because all of it is asked each time. Notes in `exchange` what the
 * path and the headers depend on.
 */
export function completeRequest(
  exchange: Exchange,
  root: RootContext,
  form: BodyForm,
  body: Bytes | null,
): Completion {
  const whole = body === null ? Bytes.empty() : body;
  const isNameless = body === null && exchange.needsModel;
  if (isNameless) return Completion.refused(modelMissing(exchange));
  if (!form.isJson && expectsJson(exchange)) {
    return Completion.refused(unreadBody(exchange, whole, false));
  }
  if (exchange.countsTokens) return Completion.refused(unreadBody(exchange, whole, true));
  const missing = exchange.findMissing(root);
  if (missing !== null) return Completion.waits(missing);
  if (body === null) return Completion.goesOn(whole);
  const edit = editBody(exchange, form, whole);
  if (edit.error.length > 0) return Completion.refused(badBody(exchange, edit.code, edit.error));
  const hasName = edit.upstreamModel.length > 0 || exchange.apiPath.length > 0;
  if (!hasName && exchange.needsModel) return Completion.refused(modelMissing(exchange));
  // Where the path has told them, bodies do not.
  if (edit.model.length > 0) {
    exchange.model = edit.model;
    exchange.upstreamModel = edit.upstreamModel;
  }
  if (edit.stream) exchange.stream = true;
  reportLosses(exchange);
  return Completion.goesOn(edit.body);
}

/** Tells what the translation has left out: names of fields, never what was in them. */
function reportLosses(exchange: Exchange): void {
  const fields = exchange.losses.fields;
  if (fields.length == 0) return;
  const label = exchange.provider.label;
  for (let i = 0; i < fields.length; i++) countLoss(label, fields[i]);
  if (!logEnabled(LogLevel.Debug)) return;
  logDebug("provider " + label + ": left out of the request: " + fields.join(", "));
}

/** Whether the request means nothing to the vendor unless its body is translated. */
function expectsJson(exchange: Exchange): bool {
  const api = exchange.apiDialect;
  if (api !== null) return api.hasBody;
  return exchange.countsTokens || exchange.isTranslated;
}

/** The body as the vendor wants it; as it is when it is neither JSON nor a form. */
function editBody(exchange: Exchange, form: BodyForm, body: Bytes): RequestEdit {
  const provider = exchange.provider;
  if (form.boundary.length > 0) {
    return checkModel(exchange, editForm(body, form.boundary, provider.mapping));
  }
  if (!form.isJson) return new RequestEdit(body);
  if (provider.original) return new RequestEdit(provider.chat.customSettings.applyRaw(body));
  return checkModel(exchange, translateRequest(exchange, body));
}

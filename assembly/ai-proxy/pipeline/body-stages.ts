import { Bytes } from "../../proxy-wasm/bytes";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { logDebug, logEnabled } from "../../proxy-wasm/log";
import { LogLevel } from "../../proxy-wasm/types";
import { checkModel } from "../convert/model-name";
import { formToJson } from "../convert/form-json";
import { editForm, editOriginal, RequestEdit } from "../convert/request-body";
import { countsTokens } from "../convert/native-request";
import { translateRequest } from "../convert/translate-request";
import { Exchange } from "../exchange/exchange";
import { badBody, estimateOf, modelMissing, unreadBody } from "../exchange/refusals";
import { markContext } from "../plugin/marks";
import { countLoss } from "../report/metrics";
import { RequestRun } from "./request-run";
import { Part, Stage, StageResult } from "./stage";

function refuse(run: RequestRun, reply: LocalReply): StageResult {
  run.refusal = reply;
  return StageResult.Refused;
}

/** Rejects a body that is unreadable or missing; answers requests for token counts. */
export class CheckBody extends Stage {
  constructor() {
    super(0, Part.Checked);
  }

  run(run: RequestRun): StageResult {
    const exchange = run.exchange;
    const plan = exchange.plan;
    const body = run.whole;
    if (body === null && plan.needsModel) return refuse(run, modelMissing(exchange));
    const whole = body === null ? Bytes.empty() : body;
    const isUnread = !plan.isJson && plan.expectsJson;
    const isVendors = plan.countsTokens && !isUnread && countsTokens(exchange, whole);
    const isEstimated = plan.countsTokens && !isVendors;
    if (isUnread || isEstimated) return refuse(run, unreadBody(exchange, whole, !isUnread));
    if (isVendors) exchange.noteEstimate(estimateOf(exchange, whole));
    return StageResult.Continue;
  }
}

/** Waits for the context of a chat and for an access token. */
export class AwaitTexts extends Stage {
  constructor() {
    super(Part.Checked, Part.Texts);
  }

  run(run: RequestRun): StageResult {
    run.missing = run.exchange.findMissing(run.stream.root);
    return run.missing === null ? StageResult.Continue : StageResult.Waits;
  }
}

/** Converts the body for the vendor. */
export class EditBody extends Stage {
  constructor() {
    super(Part.Checked | Part.Texts, Part.Body);
  }

  run(run: RequestRun): StageResult {
    const body = run.whole;
    if (body === null) return StageResult.Continue;
    const exchange = run.exchange;
    const edit = this.edit(exchange, body);
    if (edit.error.length > 0) return refuse(run, badBody(exchange, edit.code, edit.error));
    const hasName = edit.upstreamModel.length > 0 || exchange.apiPath.length > 0;
    if (!hasName && exchange.needsModel) return refuse(run, modelMissing(exchange));
    exchange.noteModel(edit.model, edit.upstreamModel, edit.stream);
    reportLosses(exchange);
    run.out = edit.out;
    run.document = edit.document;
    return StageResult.Continue;
  }

  /** The converted body; unchanged when it is neither JSON nor a form. */
  private edit(exchange: Exchange, body: Bytes): RequestEdit {
    const plan = exchange.plan;
    const provider = plan.provider;
    if (plan.isConvertedForm) {
      return checkModel(exchange, translateRequest(exchange, formToJson(body, plan.boundary)));
    }
    if (plan.boundary.length > 0) {
      return checkModel(exchange, editForm(body, plan.boundary, exchange.runtime.models));
    }
    if (!plan.isJson) return new RequestEdit(body);
    if (provider.original) return editOriginal(body, provider.chat.customSettings);
    return checkModel(exchange, translateRequest(exchange, body));
  }
}

/** Reports what the translation has left out: names of fields, never their values. */
function reportLosses(exchange: Exchange): void {
  const fields = exchange.losses.fields;
  if (fields.length == 0) return;
  const label = exchange.provider.label;
  for (let i = 0; i < fields.length; i++) countLoss(label, fields[i]);
  if (!logEnabled(LogLevel.Debug)) return;
  logDebug("provider " + label + ": left out of the request: " + fields.join(", "));
}

/** Publishes to ai-cache which context was added to the chat. */
export class MarkContext extends Stage {
  constructor() {
    super(Part.Texts, Part.Mark);
  }

  run(run: RequestRun): StageResult {
    const exchange = run.exchange;
    const context = exchange.context;
    if (context.length > 0) markContext(run.plugin, exchange.fingerprint, context);
    return StageResult.Continue;
  }
}

/** Writes the body to the host's buffer, unless it is unchanged. */
export class PutBody extends Stage {
  constructor() {
    super(Part.Body | Part.Prompt, Part.Buffer);
  }

  run(run: RequestRun): StageResult {
    const body = run.body;
    if (body !== null) body.put(run.out);
    run.dropBody();
    return StageResult.Continue;
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerTerms } from "../../chat/answer-terms";
import { ChatConversion } from "../../chat/conversion";
import { Calling, ToolChoice } from "../../chat/tool-choice";
import { ApiName } from "../api/api-name";
import { Exchange } from "../exchange/exchange";
import { ModelFeatures } from "../features/model-features";
import { MarkForm, MESSAGE_MARKS, PART_MARKS } from "../prompt-cache/mark-form";
import { DialectRequest } from "../provider/base/dialect";
import { editNatively } from "./native-request";
import { planEdit } from "./plan";
import { firstLost } from "./strict-translation";
import { translateApi } from "./translate-api";
import { editRequest, refused, RequestEdit } from "./request-body";

const TOOL_CHOICE = Bytes.of("tool_choice");

/** Converts a JSON body from the client's protocol through OpenAI's into the vendor's. */
export function translateRequest(exchange: Exchange, body: Bytes): RequestEdit {
  const api = exchange.apiDialect;
  let own = body;
  if (exchange.plan.becomesEmbeddings) {
    const conversion = conversionFor(exchange);
    own = exchange.protocol.toEmbeddings(body, conversion);
    if (conversion.fault.length > 0) return refused(body, conversion.fault);
  }
  if (api !== null) return translateApi(exchange, api, own);
  const native = exchange.plan.native;
  if (native !== null && exchange.apiPath.length == 0) {
    const edit = editNatively(exchange, native, body);
    if (edit !== null) {
      exchange.noteMarks(native.marks);
      return edit;
    }
  }
  if (exchange.api == ApiName.Responses && exchange.provider.hasPlainResponses) {
    const document = JsonDocument.parse(body);
    if (document !== null && exchange.protocol.requiresOwnVendor(document)) exchange.noteAdopted();
  }
  let chat = own;
  if (exchange.becomesChat) {
    const conversion = conversionFor(exchange);
    chat = exchange.protocol.toChat(body, conversion);
    exchange.terms = conversion.terms;
    if (conversion.fault.length > 0) return refused(body, conversion.fault);
  }
  const isTranslated = exchange.protocol.isNeutral && exchange.dialect !== null;
  let asked = exchange.terms;
  if (isTranslated) {
    const conversion = conversionFor(exchange);
    chat = exchange.protocol.toChat(body, conversion);
    asked = conversion.terms;
  }
  const edit = editRequest(chat, planEdit(exchange));
  exchange.isOverResponses = edit.features.isOverResponses;
  if (exchange.protocol.isNeutral) exchange.terms = termsOf(exchange, edit, asked);
  const dialect = exchange.dialect;
  if (edit.error.length > 0) return edit;
  const losses = exchange.losses;
  if (exchange.provider.chat.strictTranslation && losses.refused.length > 0) {
    return refused(body, losses.refused + " cannot be sent to this provider");
  }
  if (dialect === null) {
    exchange.noteMarks(marksOf(exchange, edit.features));
    return edit;
  }
  const document = documentOf(edit);
  if (document.kind(0) != Kind.Object) {
    return refused(body, "the request body is not a JSON object");
  }
  const isStrict = exchange.provider.chat.strictTranslation && !exchange.becomesChat;
  if (isStrict) {
    const lost = firstLost(document, dialect.members(edit.upstreamModel)).toString();
    if (lost.length > 0) return refused(body, lost + " cannot be sent to this provider");
  }
  const request = new DialectRequest(
    document,
    edit.upstreamModel,
    edit.stream,
    edit.features,
    losses,
  );
  request.isStrict = isStrict;
  if (ToolChoice.of(document).calling == Calling.Other) request.lose(TOOL_CHOICE);
  edit.body = dialect.write(request);
  exchange.noteMarks(dialect.marks(edit.upstreamModel));
  if (request.fault.length > 0) return refused(body, request.fault);
  if (isStrict && losses.fields.length > 0) {
    return refused(body, losses.fields[0] + " cannot be sent to this provider");
  }
  return edit;
}

/** What the encoding of the answer needs to know about a chat. */
function termsOf(exchange: Exchange, edit: RequestEdit, asked: AnswerTerms): AnswerTerms {
  const tools = edit.tools;
  const provider = exchange.provider;
  const mayMix = provider.type.mixesCalls || provider.vendor.customUrl !== null;
  const mixes = mayMix && edit.hasTools && edit.stream && exchange.dialect === null;
  const isUsual = !asked.hasFunctions && asked.customTools === null;
  if (tools === null && !mixes && isUsual) return exchange.terms;
  const terms = tools === null ? new AnswerTerms() : new AnswerTerms(tools);
  terms.mixesCalls = mixes;
  terms.hasFunctions = asked.hasFunctions;
  terms.customTools = asked.customTools;
  return terms;
}

/** The marks for prompt caching of a native request; null for none. */
function marksOf(exchange: Exchange, features: ModelFeatures): MarkForm | null {
  if (!features.cacheMarks) return null;
  if (exchange.api == ApiName.AnthropicMessages) return MESSAGE_MARKS;
  return exchange.api == ApiName.ChatCompletions ? PART_MARKS : null;
}

/** The edited body, parsed; without nodes when it is invalid. */
function documentOf(edit: RequestEdit): JsonDocument {
  const parsed = edit.document;
  if (parsed !== null) return parsed;
  const document = new JsonDocument(min(edit.body.length >> 4, 4096));
  document.parse(edit.body);
  return document;
}

function conversionFor(exchange: Exchange): ChatConversion {
  const conversion = new ChatConversion(exchange.losses);
  conversion.target = exchange.target;
  const type = exchange.provider.type;
  const hasDialect = exchange.dialect !== null;
  conversion.takesTopK = type.takesTopK || hasDialect;
  conversion.takesAddresses = hasDialect;
  conversion.takesCacheKey = exchange.takesCacheKey;
  conversion.takesBudget = type.takesReasoningBudget || hasDialect;
  return conversion;
}

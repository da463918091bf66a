import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerTerms } from "../../chat/answer-terms";
import { ChatConversion } from "../../chat/conversion";
import { Calling, ToolChoice } from "../../chat/tool-choice";
import { ApiName } from "../api/api-name";
import { Exchange } from "../exchange/exchange";
import { ModelFeatures } from "../features/model-features";
import { MarkForm, MESSAGE_MARKS, PART_MARKS } from "../prompt-cache/mark-form";
import { Dialect, DialectRequest } from "../provider/base/dialect";
import { editNatively } from "./native-request";
import { planEdit } from "./plan";
import { firstLost } from "./strict-translation";
import { translateApi } from "./translate-api";
import { editRequest, refused, RequestEdit } from "./request-body";

const TOOL_CHOICE = Bytes.of("tool_choice");
const CANNOT_BE_SENT = " cannot be sent to this provider";

/** Converts a JSON body from the client's protocol through OpenAI's into the vendor's. */
export function translateRequest(exchange: Exchange, body: Bytes): RequestEdit {
  const api = exchange.apiDialect;
  let chat = body;
  if (exchange.plan.becomesEmbeddings) {
    const conversion = conversionFor(exchange);
    chat = exchange.protocol.toEmbeddings(body, conversion);
    if (conversion.fault.length > 0) return refused(body, conversion.fault);
  }
  if (api !== null) return translateApi(exchange, api, chat);
  const unchanged = keepNative(exchange, body);
  if (unchanged !== null) return unchanged;
  adoptPlain(exchange, body);
  const isForeign = exchange.becomesChat;
  let asked = exchange.terms;
  if (isForeign || (exchange.protocol.isNeutral && exchange.dialect !== null)) {
    const conversion = conversionFor(exchange);
    chat = exchange.protocol.toChat(body, conversion);
    asked = conversion.terms;
    if (isForeign) exchange.terms = asked;
    if (isForeign && conversion.fault.length > 0) return refused(body, conversion.fault);
  }
  const edit = editRequest(chat, planEdit(exchange));
  exchange.isOverResponses = edit.features.isOverResponses;
  if (exchange.protocol.isNeutral) exchange.terms = termsOf(exchange, edit, asked);
  if (edit.error.length > 0) return edit;
  const refusedField = exchange.losses.refused;
  if (exchange.provider.chat.strictTranslation && refusedField.length > 0) {
    return refused(body, refusedField + CANNOT_BE_SENT);
  }
  const dialect = exchange.dialect;
  if (dialect !== null) return writeNative(exchange, dialect, body, edit);
  exchange.noteMarks(marksOf(exchange, edit.features));
  return edit;
}

/** The request in the vendor's native form of the client's API; null if it is sent in another one. */
function keepNative(exchange: Exchange, body: Bytes): RequestEdit | null {
  const native = exchange.plan.native;
  if (native === null || exchange.apiPath.length > 0) return null;
  const edit = editNatively(exchange, native, body);
  if (edit !== null) exchange.noteMarks(native.marks);
  return edit;
}

/** Notes that a request is sent as a chat if it uses what only the maker of its protocol offers. */
function adoptPlain(exchange: Exchange, body: Bytes): void {
  if (exchange.api != ApiName.Responses || !exchange.provider.hasPlainResponses) return;
  const document = JsonDocument.parse(body);
  if (document !== null && exchange.protocol.requiresOwnVendor(document)) exchange.noteAdopted();
}

/** Writes an edited chat in a native protocol. `body`: the client's. */
function writeNative(
  exchange: Exchange,
  dialect: Dialect,
  body: Bytes,
  edit: RequestEdit,
): RequestEdit {
  const losses = exchange.losses;
  const document = documentOf(edit);
  if (document.kind(0) != Kind.Object) {
    return refused(body, "the request body is not a JSON object");
  }
  const isStrict = exchange.provider.chat.strictTranslation && !exchange.becomesChat;
  if (isStrict) {
    const lost = firstLost(document, dialect.members(edit.upstreamModel)).toString();
    if (lost.length > 0) return refused(body, lost + CANNOT_BE_SENT);
  }
  const model = edit.upstreamModel;
  const request = new DialectRequest(document, model, edit.stream, edit.features, losses);
  request.isStrict = isStrict;
  if (ToolChoice.of(document).calling == Calling.Other) request.lose(TOOL_CHOICE);
  edit.body = dialect.write(request);
  exchange.noteMarks(dialect.marks(model));
  if (request.fault.length > 0) return refused(body, request.fault);
  if (isStrict && losses.fields.length > 0) {
    return refused(body, losses.fields[0] + CANNOT_BE_SENT);
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

import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { ContentsWriter } from "./contents";
import { GeminiRequest } from "./request-view";
import { jsonSchemaOf } from "./schema";
import { isArray } from "./target";
import { GeminiTools } from "./tools";
import * as literals from "./literals";

/** Settings with different names: OpenAI's, Google's. */
const SETTINGS: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("temperature")],
  [Bytes.of("top_p"), Bytes.of("topP"), Bytes.of("top_p")],
  [Bytes.of("max_tokens"), Bytes.of("maxOutputTokens"), Bytes.of("max_output_tokens")],
  [Bytes.of("stop"), Bytes.of("stopSequences"), Bytes.of("stop_sequences")],
  [Bytes.of("seed"), Bytes.of("seed")],
  [Bytes.of("presence_penalty"), Bytes.of("presencePenalty"), Bytes.of("presence_penalty")],
  [Bytes.of("frequency_penalty"), Bytes.of("frequencyPenalty"), Bytes.of("frequency_penalty")],
];
const TOP_K: Bytes[] = [Bytes.of("top_k"), Bytes.of("topK"), Bytes.of("top_k")];
/** Settings that chats do not have. */
const LOST: Bytes[][] = [
  literals.CANDIDATE_COUNT,
  [Bytes.of("responseModalities"), Bytes.of("response_modalities")],
  [Bytes.of("responseLogprobs"), Bytes.of("response_logprobs")],
  [Bytes.of("speechConfig"), Bytes.of("speech_config")],
  [Bytes.of("imageConfig"), Bytes.of("image_config")],
  [Bytes.of("mediaResolution"), Bytes.of("media_resolution")],
];
const SAFETY: Bytes[] = [Bytes.of("safetySettings"), Bytes.of("safety_settings")];
const MIME_TYPE: Bytes[] = [Bytes.of("responseMimeType"), Bytes.of("response_mime_type")];
const SCHEMAS: Bytes[] = [Bytes.of("responseSchema"), Bytes.of("response_schema")];
const JSON_SCHEMAS: Bytes[] = [
  Bytes.of("responseJsonSchema"),
  Bytes.of("response_json_schema"),
  Bytes.of("_responseJsonSchema"),
];
const JSON_TYPE = Bytes.of("application/json");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const OUTPUT = Bytes.of("output");
const THINKING: Bytes[] = [Bytes.of("thinkingConfig"), Bytes.of("thinking_config")];
const BUDGET: Bytes[] = [Bytes.of("thinkingBudget"), Bytes.of("thinking_budget")];
const LEVEL: Bytes[] = [Bytes.of("thinkingLevel"), Bytes.of("thinking_level")];
const SHOWN: Bytes[] = [Bytes.of("includeThoughts"), Bytes.of("include_thoughts")];
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const LEVELS: string[] = ["minimal", "low", "medium", "high"];
/** Largest budgets of low and medium effort. */
const LOW_TO: i64 = 2048;
const MEDIUM_TO: i64 = 8192;

/** Converts a `generateContent` request into a chat request. */
export function chatOfGemini(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  const view = new GeminiRequest(document, conversion.target);
  if (!view.isComplete()) {
    conversion.refuse("contents with parts are required");
    return body;
  }
  if (view.dependsOnState) conversion.refuse("cachedContent cannot be sent to this provider");
  const out = new JsonWriter(body.length + 512).object().key(names.MODEL).string(view.model);
  if (view.stream) out.key(names.STREAM).bool(true);
  conversion.terms.asArray = isArray(conversion.target);
  const config = literals.find(document, 0, literals.GENERATION_CONFIG);
  for (let i = 0; i < SETTINGS.length; i++) copy(document, config, SETTINGS[i], out);
  if (conversion.takesTopK) copy(document, config, TOP_K, out);
  for (let i = 0; i < LOST.length; i++) noteLoss(document, config, LOST[i], conversion);
  noteLoss(document, 0, SAFETY, conversion);
  writeFormat(document, config, out);
  writeThinking(document, literals.find(document, config, THINKING), out, conversion);
  out.key(names.MESSAGES);
  new ContentsWriter(document, out, conversion).write();
  new GeminiTools(document, out, conversion).write();
  return out.endObject().toBytes();
}

/** Copies a setting that is not null under OpenAI's name. */
function copy(document: JsonDocument, config: i32, setting: Bytes[], out: JsonWriter): void {
  for (let i = 1; i < setting.length; i++) {
    const node = document.member(config, setting[i]);
    if (document.isAbsent(node)) continue;
    out.key(setting[0]).raw(document.raw(node));
    return;
  }
}

function noteLoss(
  document: JsonDocument,
  object: i32,
  forms: Bytes[],
  conversion: ChatConversion,
): void {
  if (document.isAbsent(literals.find(document, object, forms))) return;
  conversion.losses.note(forms[0].toString());
}

/** JSON, with a schema or without; a text of other types is a text. */
function writeFormat(document: JsonDocument, config: i32, out: JsonWriter): void {
  const type = document.text(literals.find(document, config, MIME_TYPE));
  const json = literals.find(document, config, JSON_SCHEMAS);
  const own = literals.find(document, config, SCHEMAS);
  const hasJson = document.kind(json) == Kind.Object;
  const hasOwn = document.kind(own) == Kind.Object;
  if (!type.equals(JSON_TYPE) && !hasJson) return;
  out.key(RESPONSE_FORMAT).object().key(names.TYPE);
  if (!hasJson && !hasOwn) {
    out.string(JSON_OBJECT).endObject();
    return;
  }
  const schema = hasJson ? document.raw(json) : jsonSchemaOf(document, own);
  out.string(JSON_SCHEMA).key(JSON_SCHEMA).object().key(names.NAME).string(OUTPUT);
  out.key(SCHEMA).raw(schema).endObject().endObject();
}

/** The reasoning effort, and whether the client wants the reasoning. */
function writeThinking(
  document: JsonDocument,
  thinking: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  conversion.terms.hidesReasoning = !document.isTrue(literals.find(document, thinking, SHOWN));
  const level = document
    .text(literals.find(document, thinking, LEVEL))
    .toString()
    .toLowerCase();
  const given = literals.find(document, thinking, BUDGET);
  const budget = document.kind(given) == Kind.Number ? parseDecimal(document.raw(given), -1) : -1;
  if (LEVELS.includes(level)) out.key(REASONING_EFFORT).string(Bytes.of(level));
  else if (budget >= 0) {
    out.key(REASONING_EFFORT).string(Bytes.of(effortOf(budget)));
    if (conversion.takesBudget && budget > 0) out.key(REASONING_MAX_TOKENS).number(budget);
  }
}

function effortOf(budget: i64): string {
  if (budget == 0) return "none";
  if (budget <= LOW_TO) return "low";
  return budget <= MEDIUM_TO ? "medium" : "high";
}

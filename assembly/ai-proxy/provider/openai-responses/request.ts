import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { parseDecimal } from "../../../text/decimal";
import { DialectRequest } from "../base/dialect";
import { ToolChoice } from "../../../chat/tool-choice";
import { copyMembers, maxTokensOf, openFunction } from "../shared/openai-message";
import { writeInput } from "./input";

const INPUT = Bytes.of("input");
const INCLUDE = Bytes.of("include");
const STORE = Bytes.of("store");
const ENCRYPTED = Bytes.of('["reasoning.encrypted_content"]');
const MAX_OUTPUT_TOKENS = Bytes.of("max_output_tokens");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const EFFORT = Bytes.of("effort");
const RESPONSE_FORMAT = Bytes.of("response_format");
const FORMAT = Bytes.of("format");
const JSON_SCHEMA = Bytes.of("json_schema");
const VERBOSITY = Bytes.of("verbosity");
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const ALLOWED_TOOLS = Bytes.of("allowed_tools");
const MODE = Bytes.of("mode");
const NONE = Bytes.of("none");
const PARAMETERS = Bytes.of("parameters");
const STRICT = Bytes.of("strict");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
/** The lowest token limit that the API accepts. */
const LEAST_LIMIT: i64 = 16;

/** Members that have the same name and meaning. */
const SAME: Bytes[][] = [
  "temperature",
  "top_p",
  "parallel_tool_calls",
  "user",
  "safety_identifier",
  "prompt_cache_key",
  "prompt_cache_retention",
  "metadata",
  "service_tier",
].map<Bytes[]>((name: string) => [Bytes.of(name), Bytes.of(name)]);

/**
 * A chat as a request to OpenAI's Responses API. Nothing is stored there: reasoning is returned encrypted, and
 * sent back with the client's next request. Source: OpenAI's API reference and its guide to migrating from
 * chat completions.
 */
export function writeResponsesRequest(request: DialectRequest): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 512).object();
  out.key(names.MODEL).string(request.model);
  if (request.stream) out.key(names.STREAM).bool(true);
  out.key(STORE).bool(document.isTrue(document.member(0, STORE)));
  out.key(INCLUDE).raw(ENCRYPTED);
  writeLimit(document, out);
  copyMembers(document, SAME, out);
  const effort = document.member(0, REASONING_EFFORT);
  if (document.kind(effort) == Kind.String) {
    out.key(names.REASONING).object().key(EFFORT).raw(document.raw(effort)).endObject();
  }
  writeText(document, out);
  out.key(INPUT);
  writeInput(request, out);
  writeTools(document, out);
  return out.endObject().toBytes();
}

function writeLimit(document: JsonDocument, out: JsonWriter): void {
  const limit = maxTokensOf(document);
  if (limit < 0) return;
  const isTooLow = parseDecimal(document.raw(limit), LEAST_LIMIT) < LEAST_LIMIT;
  out.key(MAX_OUTPUT_TOKENS);
  if (isTooLow) out.number(LEAST_LIMIT);
  else out.raw(document.raw(limit));
}

/** Writes the format and the verbosity of the text. */
function writeText(document: JsonDocument, out: JsonWriter): void {
  const format = document.member(0, RESPONSE_FORMAT);
  const verbosity = document.member(0, VERBOSITY);
  const isFormed = document.kind(format) == Kind.Object;
  if (!isFormed && document.isAbsent(verbosity)) return;
  out.key(names.TEXT).object();
  if (!document.isAbsent(verbosity)) out.key(VERBOSITY).raw(document.raw(verbosity));
  if (isFormed) {
    out.key(FORMAT).object();
    const schema = document.member(format, JSON_SCHEMA);
    const isSchema = document.kind(schema) == Kind.Object;
    out.key(names.TYPE).string(document.text(document.member(format, names.TYPE)));
    const first = isSchema ? document.first(schema) : -1;
    for (let key = first; key >= 0; key = document.after(key + 1)) {
      out.key(document.text(key)).raw(document.raw(key + 1));
    }
    out.endObject();
  }
  out.endObject();
}

/** Writes functions as not strict unless they say so, because the default of the Responses API differs from chat's. */
function writeTools(document: JsonDocument, out: JsonWriter): void {
  const tools = document.member(0, TOOLS);
  let written = 0;
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.kind(definition) == Kind.Object) {
      if (written++ == 0) out.key(TOOLS).array();
      openFunction(document, definition, out);
      out.key(names.TYPE).string(names.FUNCTION);
      const parameters = document.member(definition, PARAMETERS);
      const hasThem = document.kind(parameters) == Kind.Object;
      out.key(PARAMETERS).raw(hasThem ? document.raw(parameters) : NO_PARAMETERS);
      out
        .key(STRICT)
        .bool(document.isTrue(document.member(definition, STRICT)))
        .endObject();
    }
  }
  if (written == 0) return;
  out.endArray();
  const choice = ToolChoice.of(document);
  const word = choice.word;
  if (choice.isLimited) writeAllowed(document, choice, out);
  else if (choice.name.length > 0) {
    out.key(TOOL_CHOICE).object().key(names.TYPE).string(names.FUNCTION);
    out.key(names.NAME).string(choice.name).endObject();
  } else if (word.length > 0) out.key(TOOL_CHOICE).string(word);
}

/** The allowed functions by name, so that the list of all stays the same, and with it the prompt cache. */
function writeAllowed(document: JsonDocument, choice: ToolChoice, out: JsonWriter): void {
  const tools = document.member(0, TOOLS);
  let written = 0;
  out.key(TOOL_CHOICE);
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.kind(definition) != Kind.Object || !choice.allows(document, tool)) continue;
    if (written++ == 0) {
      out.object().key(names.TYPE).string(ALLOWED_TOOLS).key(MODE).string(choice.word);
      out.key(TOOLS).array();
    }
    out.object().key(names.TYPE).string(names.FUNCTION);
    out
      .key(names.NAME)
      .string(document.text(document.member(definition, names.NAME)))
      .endObject();
  }
  if (written > 0) out.endArray().endObject();
  else out.string(NONE);
}

import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { Calling, ToolChoice } from "../../../chat/tool-choice";
import { openFunction } from "../shared/openai-message";

const TOOLS = Bytes.of("tools");
const DECLARATIONS = Bytes.of("functionDeclarations");
const PARAMETERS = Bytes.of("parameters");
const PROPERTIES = Bytes.of("properties");
const ADDITIONAL = Bytes.of("additionalProperties");
const JSON_SCHEMA = Bytes.of("parametersJsonSchema");
const TOOL_CONFIG = Bytes.of("toolConfig");
const CALLING_CONFIG = Bytes.of("functionCallingConfig");
const MODE = Bytes.of("mode");
const ALLOWED = Bytes.of("allowedFunctionNames");
const AUTO = Bytes.of("AUTO");
const NONE = Bytes.of("NONE");
const ANY = Bytes.of("ANY");

/** OpenAI's `tools` and `tool_choice` as Gemini's. */
export function writeGeminiTools(document: JsonDocument, out: JsonWriter): void {
  const tools = document.member(0, TOOLS);
  if (document.kind(tools) != Kind.Array) return;
  let written = 0;
  for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.kind(definition) == Kind.Object) {
      if (written++ == 0) out.key(TOOLS).array().object().key(DECLARATIONS).array();
      writeDeclaration(document, definition, out);
    }
  }
  if (written == 0) return;
  out.endArray().endObject().endArray();
  writeChoice(document, out);
}

function writeDeclaration(document: JsonDocument, definition: i32, out: JsonWriter): void {
  openFunction(document, definition, out);
  // An object without properties is refused, unless it is a map.
  const parameters = document.member(definition, PARAMETERS);
  const isMap = document.kind(document.member(parameters, ADDITIONAL)) == Kind.Object;
  if (isMap || document.size(document.member(parameters, PROPERTIES)) > 0) {
    out.key(JSON_SCHEMA).raw(document.raw(parameters));
  }
  out.endObject();
}

function writeChoice(document: JsonDocument, out: JsonWriter): void {
  const choice = ToolChoice.of(document);
  const name = choice.name;
  let mode = Bytes.empty();
  if (choice.calling == Calling.Auto) mode = AUTO;
  else if (choice.isNone) mode = NONE;
  else if (choice.isForced) mode = ANY;
  if (mode.length == 0) return;
  out.key(TOOL_CONFIG).object().key(CALLING_CONFIG).object().key(MODE).string(mode);
  if (name.length > 0) out.key(ALLOWED).array().string(name).endArray();
  out.endObject().endObject();
}

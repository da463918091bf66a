import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstruction } from "../../../chat/role";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { Calling, ToolChoice } from "../../../chat/tool-choice";
import { copyMembers, imageUrlOf, TOOL_CALL_ID } from "../shared/openai-message";

const MODEL = Bytes.of("Model");
const STREAM = Bytes.of("Stream");
const MODERATION = Bytes.of("StreamModeration");
const MESSAGES = Bytes.of("Messages");
const ROLE = Bytes.of("Role");
const CONTENT = Bytes.of("Content");
const CONTENTS = Bytes.of("Contents");
const TYPE = Bytes.of("Type");
const TEXT = Bytes.of("Text");
const IMAGE_URL = Bytes.of("image_url");
const OWN_IMAGE_URL = Bytes.of("ImageUrl");
const URL = Bytes.of("Url");
const OWN_CALL_ID = Bytes.of("ToolCallId");
const TOOL_CALLS = Bytes.of("ToolCalls");
const ID = Bytes.of("Id");
const FUNCTION = Bytes.of("Function");
const NAME = Bytes.of("Name");
const ARGUMENTS = Bytes.of("Arguments");
const INDEX = Bytes.of("Index");
const TOOLS = Bytes.of("tools");
const OWN_TOOLS = Bytes.of("Tools");
const DESCRIPTION = Bytes.of("description");
const OWN_DESCRIPTION = Bytes.of("Description");
const PARAMETERS = Bytes.of("parameters");
const OWN_PARAMETERS = Bytes.of("Parameters");
const TOOL_CHOICE = Bytes.of("tool_choice");
const OWN_TOOL_CHOICE = Bytes.of("ToolChoice");
const CUSTOM_TOOL = Bytes.of("CustomTool");
const CUSTOM = Bytes.of("custom");
const AUTO = Bytes.of("auto");
const NONE = Bytes.of("none");
const NO_PARAMETERS = Bytes.of("{}");

/** Members that are renamed: OpenAI's name, Hunyuan's. */
const SAME: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("Temperature")],
  [Bytes.of("top_p"), Bytes.of("TopP")],
  [Bytes.of("seed"), Bytes.of("Seed")],
  [Bytes.of("enable_enhancement"), Bytes.of("EnableEnhancement")],
  [Bytes.of("search_info"), Bytes.of("SearchInfo")],
  [Bytes.of("citation"), Bytes.of("Citation")],
  [Bytes.of("enable_speed_search"), Bytes.of("EnableSpeedSearch")],
  [Bytes.of("enable_deep_search"), Bytes.of("EnableDeepSearch")],
];

/** A `ChatCompletions` request to Hunyuan for one of OpenAI's. */
export function writeHunyuanRequest(request: DialectRequest): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 256).object();
  out.key(MODEL).string(request.model).key(MESSAGES).array();
  const messages = document.member(0, names.MESSAGES);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    if (document.kind(message) == Kind.Object) writeMessage(request, message, out);
  }
  out.endArray();
  if (request.stream) out.key(STREAM).bool(true).key(MODERATION).bool(false);
  copyMembers(document, SAME, out);
  writeTools(request, out);
  return out.endObject().toBytes();
}

function writeMessage(request: DialectRequest, message: i32, out: JsonWriter): void {
  const document = request.document;
  const role = document.text(document.member(message, names.ROLE));
  out
    .object()
    .key(ROLE)
    .string(isInstruction(role) ? names.SYSTEM : role);
  const content = document.member(message, names.CONTENT);
  if (document.kind(content) == Kind.Array) writeParts(request, content, out);
  else out.key(CONTENT).string(document.text(content));
  const id = document.text(document.member(message, TOOL_CALL_ID));
  if (id.length > 0) out.key(OWN_CALL_ID).string(id);
  const calls = document.member(message, names.TOOL_CALLS);
  if (document.kind(calls) == Kind.Array && document.size(calls) > 0) {
    out.key(TOOL_CALLS).array();
    for (let call = document.first(calls), i = 0; call >= 0; call = document.after(call), i++) {
      const definition = document.member(call, names.FUNCTION);
      out
        .object()
        .key(ID)
        .string(document.text(document.member(call, names.ID)));
      out.key(TYPE).string(names.FUNCTION).key(FUNCTION).object();
      out.key(NAME).string(document.text(document.member(definition, names.NAME)));
      out.key(ARGUMENTS).string(document.text(document.member(definition, names.ARGUMENTS)));
      out
        .endObject()
        .key(INDEX)
        .number(<i64>i)
        .endObject();
    }
    out.endArray();
  }
  out.endObject();
}

function writeParts(request: DialectRequest, content: i32, out: JsonWriter): void {
  const document = request.document;
  out.key(CONTENTS).array();
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    out.object().key(TYPE).string(type);
    if (type.equals(names.TEXT)) {
      out.key(TEXT).string(document.text(document.member(part, names.TEXT)));
    } else if (type.equals(IMAGE_URL)) {
      out.key(OWN_IMAGE_URL).object().key(URL).string(imageUrlOf(document, part)).endObject();
    } else request.refusePart(type);
    out.endObject();
  }
  out.endArray();
}

/** Writes the tools, whose schemas Hunyuan expects as JSON in a string. */
function writeTools(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const tools = document.member(0, TOOLS);
  if (document.kind(tools) != Kind.Array || document.size(tools) == 0) return;
  const choice = ToolChoice.of(document);
  const name = choice.name;
  out.key(OWN_TOOLS).array();
  for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
    writeTool(document, document.member(tool, names.FUNCTION), out);
  }
  out.endArray();
  if (choice.calling == Calling.Auto) out.key(OWN_TOOL_CHOICE).string(AUTO);
  else if (choice.isNone) out.key(OWN_TOOL_CHOICE).string(NONE);
  else if (choice.calling == Calling.Any) request.lose(TOOL_CHOICE);
  if (name.length == 0) return;
  out.key(OWN_TOOL_CHOICE).string(CUSTOM).key(CUSTOM_TOOL);
  for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.text(document.member(definition, names.NAME)).equals(name)) {
      writeTool(document, definition, out);
      return;
    }
  }
  out.object().endObject();
}

function writeTool(document: JsonDocument, definition: i32, out: JsonWriter): void {
  out.object().key(TYPE).string(names.FUNCTION).key(FUNCTION).object();
  out.key(NAME).string(document.text(document.member(definition, names.NAME)));
  const description = document.member(definition, DESCRIPTION);
  if (document.kind(description) == Kind.String) {
    out.key(OWN_DESCRIPTION).raw(document.raw(description));
  }
  const parameters = document.member(definition, PARAMETERS);
  const isObject = document.kind(parameters) == Kind.Object;
  out.key(OWN_PARAMETERS).string(isObject ? document.raw(parameters) : NO_PARAMETERS);
  out.endObject().endObject();
}

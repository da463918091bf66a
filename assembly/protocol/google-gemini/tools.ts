import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf } from "../../json/keys";
import { jsonSchemaOf } from "./schema";
import * as literals from "./literals";

const TOOL_CHOICE = Bytes.of("tool_choice");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const JSON_SCHEMA: Bytes[] = [Bytes.of("parametersJsonSchema"), Bytes.of("parameters_json_schema")];
const TOOL_CONFIG: Bytes[] = [Bytes.of("toolConfig"), Bytes.of("tool_config")];
const CALLING_CONFIG: Bytes[] = [
  Bytes.of("functionCallingConfig"),
  Bytes.of("function_calling_config"),
];
const ALLOWED: Bytes[] = [Bytes.of("allowedFunctionNames"), Bytes.of("allowed_function_names")];
const MODE = Bytes.of("mode");
const ANY = Bytes.of("ANY");
const VALIDATED = Bytes.of("VALIDATED");
const NONE = Bytes.of("NONE");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const REQUIRED = Bytes.of("required");
const NONE_MODE = Bytes.of("none");

/** Most names of functions that may be called; each function is looked up among them. */
const MAX_ALLOWED: i32 = 256;

/** Converts the functions of a request into tools of a chat; tools that Google runs exist nowhere else. */
export class GeminiTools {
  /** Node of the names that may be called; −1 for all. */
  private readonly allowed: i32;
  private readonly mode: Bytes;
  private written: i32 = 0;
  /** The function that was written last. */
  private last: Bytes = Bytes.empty();

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {
    const config = literals.find(document, 0, TOOL_CONFIG);
    const calling = literals.find(document, config, CALLING_CONFIG);
    this.mode = document.text(document.member(calling, MODE));
    const names = literals.find(document, calling, ALLOWED);
    const isLimited = this.mode.equals(ANY) || this.mode.equals(VALIDATED);
    this.allowed = isLimited && document.size(names) > 0 ? names : -1;
  }

  /** Writes `tools` and `tool_choice`; nothing where there are none. */
  write(): void {
    const document = this.document;
    const tools = document.member(0, literals.TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      this.writeTool(tool);
    }
    if (this.written == 0) return;
    this.out.endArray();
    this.writeChoice();
  }

  /** One entry of the list: functions, or a tool of Google's. */
  private writeTool(tool: i32): void {
    const document = this.document;
    for (let key = document.first(tool); key >= 0; key = document.after(key + 1)) {
      if (!keyIsOneOf(document, key, literals.DECLARATIONS)) {
        this.conversion.losses.note("tools." + document.text(key).clip(64).toString());
      }
    }
    const declarations = literals.find(document, tool, literals.DECLARATIONS);
    for (
      let declaration = document.firstItem(declarations);
      declaration >= 0;
      declaration = document.after(declaration)
    ) {
      const name = document.text(document.member(declaration, names.NAME));
      if (name.length > 0 && this.isAllowed(name)) this.writeFunction(declaration, name);
    }
  }

  /**
   * A choice can name one function or any; several names are expressed by leaving out all other functions.
   */
  private isAllowed(name: Bytes): bool {
    const document = this.document;
    if (this.allowed < 0) return true;
    let left = MAX_ALLOWED;
    for (
      let allowed = document.first(this.allowed);
      allowed >= 0;
      allowed = document.after(allowed)
    ) {
      if (left-- == 0) break;
      if (document.text(allowed).equals(name)) return true;
    }
    return false;
  }

  private writeFunction(declaration: i32, name: Bytes): void {
    const document = this.document;
    const out = this.out;
    if (this.written++ == 0) out.key(literals.TOOLS).array();
    this.last = this.conversion.tools.ofFunction(name);
    out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object();
    out.key(names.NAME).string(this.last);
    const description = document.member(declaration, DESCRIPTION);
    if (document.kind(description) == Kind.String) {
      out.key(DESCRIPTION).raw(document.raw(description));
    }
    const json = literals.find(document, declaration, JSON_SCHEMA);
    const own = document.member(declaration, PARAMETERS);
    out.key(PARAMETERS);
    if (document.kind(json) == Kind.Object) out.raw(document.raw(json));
    else if (document.kind(own) == Kind.Object) out.raw(jsonSchemaOf(document, own));
    else out.raw(NO_PARAMETERS);
    out.endObject().endObject();
  }

  private writeChoice(): void {
    const out = this.out;
    if (this.mode.equals(NONE)) out.key(TOOL_CHOICE).string(NONE_MODE);
    else if (!this.mode.equals(ANY)) return;
    else if (this.allowed < 0 || this.written > 1) out.key(TOOL_CHOICE).string(REQUIRED);
    else {
      out.key(TOOL_CHOICE).object().key(names.TYPE).string(names.FUNCTION);
      out.key(names.FUNCTION).object().key(names.NAME).string(this.last).endObject().endObject();
    }
  }
}

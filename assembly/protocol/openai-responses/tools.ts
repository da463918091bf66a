import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { GRAMMAR, MAX_GRAMMAR, TEXT_PARAMETERS, WRITE_INPUT } from "../../chat/text-tool";
import { ToolKind } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { TextMap } from "../../text/text-map";
import * as api from "./literals";
import { Char } from "../../proxy-wasm/char";

const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const ALLOWED_TOOLS = Bytes.of("allowed_tools");
const MODE = Bytes.of("mode");
const NONE = Bytes.of("none");
const INPUT = Bytes.of("input");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const STRICT = Bytes.of("strict");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const FORMAT = Bytes.of("format");
const DEFINITION = Bytes.of("definition");
const EXECUTION = Bytes.of("execution");
const SERVER = Bytes.of("server");
const DEFER_LOADING = Bytes.of("defer_loading");
const LINE = Bytes.of("\n");
/** A schema keyword of Codex, which no vendor knows. */
const ENCRYPTED_SUFFIX = Bytes.of(',"encrypted":true');
const ENCRYPTED_PREFIX = Bytes.of('"encrypted":true,');

/**
 * The tools of a Responses request as functions of a chat: those that the client runs, of any kind and
 * wherever they are. Tools that OpenAI runs exist nowhere else.
 */
export class ResponseTools {
  private readonly declared: TextMap<bool> = new TextMap();
  private written: i32 = 0;
  private hasSearch: bool = false;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {}

  /** Collects the names of all tools, which the history refers to. */
  note(): void {
    const document = this.document;
    const tools = document.member(0, TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      const isSearch = document.text(document.member(tool, names.TYPE)).equals(api.TOOL_SEARCH);
      if (isSearch) this.hasSearch = true;
    }
  }

  /** Writes `tools` and related members. `forbids`: whether none may be called. */
  write(forbids: bool): void {
    const document = this.document;
    this.writeList(document.member(0, TOOLS), this.hasSearch);
    const input = document.member(0, INPUT);
    for (let item = document.firstItem(input); item >= 0; item = document.after(item)) {
      const type = document.text(document.member(item, names.TYPE));
      const tells = type.equals(api.ADDITIONAL_TOOLS) || type.equals(api.TOOL_SEARCH_OUTPUT);
      if (tells) this.writeList(document.member(item, TOOLS), false);
    }
    if (this.written == 0) return;
    this.out.endArray();
    if (forbids) this.out.key(TOOL_CHOICE).string(NONE);
    else this.writeChoice();
  }

  /** `hides`: whether deferred tools are left to the client's search. */
  private writeList(tools: i32, hides: bool): void {
    const document = this.document;
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      const type = document.text(document.member(tool, names.TYPE));
      if (type.equals(api.NAMESPACE)) this.writeNamespace(tool, hides);
      else this.writeTool(tool, Bytes.empty(), Bytes.empty(), hides);
    }
  }

  private writeNamespace(namespace: i32, hides: bool): void {
    const document = this.document;
    const name = spaceOf(document, namespace, names.NAME);
    const about = document.text(document.member(namespace, DESCRIPTION));
    const tools = document.member(namespace, TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      this.writeTool(tool, name, about, hides);
    }
  }

  /** `about`: the description of the namespace. */
  private writeTool(tool: i32, namespace: Bytes, about: Bytes, hides: bool): void {
    const document = this.document;
    if (hides && document.isTrue(document.member(tool, DEFER_LOADING))) return;
    const type = document.text(document.member(tool, names.TYPE));
    const name = document.text(document.member(tool, names.NAME));
    if (type.equals(names.FUNCTION) && name.length > 0) {
      const sentName = sentToolName(this.conversion, namespace, name, ToolKind.Function);
      this.begin(tool, sentName, about, Bytes.empty(), Bytes.empty());
      this.end(tool, withoutEncrypted(document.raw(document.member(tool, PARAMETERS))));
    } else if (type.equals(api.CUSTOM) && name.length > 0) {
      const grammar = document.text(document.member(document.member(tool, FORMAT), DEFINITION));
      const sentName = sentToolName(this.conversion, namespace, name, ToolKind.Custom);
      this.begin(tool, sentName, about, WRITE_INPUT, grammar.slice(0, MAX_GRAMMAR));
      this.end(-1, TEXT_PARAMETERS);
    } else if (type.equals(api.TOOL_SEARCH)) {
      // OpenAI's own search is not needed: all tools are listed.
      if (document.text(document.member(tool, EXECUTION)).equals(SERVER)) return;
      const sentName = sentToolName(
        this.conversion,
        Bytes.empty(),
        api.TOOL_SEARCH,
        ToolKind.Search,
      );
      this.begin(tool, sentName, about, Bytes.empty(), Bytes.empty());
      this.end(-1, document.raw(document.member(tool, PARAMETERS)));
    } else this.conversion.losses.note("tools");
  }

  /** Begins a function; nothing, and `isOpen` is false, when it was written already. */
  private begin(tool: i32, sentName: Bytes, about: Bytes, hint: Bytes, grammar: Bytes): void {
    this.isOpen = !this.declared.has(sentName);
    if (!this.isOpen) return;
    this.declared.set(sentName, true);
    const out = this.out;
    if (this.written++ == 0) out.key(TOOLS).array();
    out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object();
    out.key(names.NAME).string(sentName);
    const own = this.document.text(this.document.member(tool, DESCRIPTION));
    const text = new ByteWriter(own.length + about.length + hint.length + grammar.length + 16);
    text.bytes(about);
    if (about.length > 0 && own.length > 0) text.bytes(LINE);
    text.bytes(own).bytes(hint);
    if (grammar.length > 0) text.bytes(GRAMMAR).bytes(grammar);
    if (text.length > 0) out.key(DESCRIPTION).string(text.toBytes());
  }

  private isOpen: bool = false;

  /** `tool`: whose `strict` counts, −1 for none. */
  private end(tool: i32, parameters: Bytes): void {
    if (!this.isOpen) return;
    const out = this.out;
    const isObject = parameters.length > 0 && parameters.at(0) == Char.OpenBrace;
    out.key(PARAMETERS).raw(isObject ? parameters : NO_PARAMETERS);
    const strict = this.document.member(tool, STRICT);
    if (!this.document.isAbsent(strict)) out.key(STRICT).raw(this.document.raw(strict));
    out.endObject().endObject();
  }

  /** A word, one tool, or some allowed tools; a tool that is not there cannot be asked for. */
  private writeChoice(): void {
    const document = this.document;
    const out = this.out;
    const choice = document.member(0, TOOL_CHOICE);
    if (document.kind(choice) == Kind.String) {
      out.key(TOOL_CHOICE).raw(document.raw(choice));
      return;
    }
    const type = document.text(document.member(choice, names.TYPE));
    if (type.equals(ALLOWED_TOOLS)) {
      this.writeAllowed(choice);
      return;
    }
    const sentName = this.chosenName(choice);
    if (this.declared.has(sentName)) this.writeChosen(sentName, out.key(TOOL_CHOICE));
    else if (type.length > 0) this.conversion.losses.note("tool_choice");
  }

  /** Mode and list of the allowed tools, which a chat has in a member of their own. */
  private writeAllowed(choice: i32): void {
    const document = this.document;
    const out = this.out.key(TOOL_CHOICE).object().key(names.TYPE).string(ALLOWED_TOOLS);
    out.key(ALLOWED_TOOLS).object();
    const mode = document.member(choice, MODE);
    if (document.kind(mode) == Kind.String) out.key(MODE).raw(document.raw(mode));
    out.key(TOOLS).array();
    const tools = document.member(choice, TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      const sentName = this.chosenName(tool);
      if (this.declared.has(sentName)) this.writeChosen(sentName, out);
    }
    out.endArray().endObject().endObject();
  }

  private writeChosen(sentName: Bytes, out: JsonWriter): void {
    out.object().key(names.TYPE).string(names.FUNCTION);
    out.key(names.FUNCTION).object().key(names.NAME).string(sentName).endObject().endObject();
  }

  /** The name that the model sees of a tool which a choice names; empty for tools that the client does not run. */
  private chosenName(tool: i32): Bytes {
    const document = this.document;
    const type = document.text(document.member(tool, names.TYPE));
    let kind = ToolKind.Function;
    let name = document.text(document.member(tool, names.NAME));
    if (type.equals(api.CUSTOM)) kind = ToolKind.Custom;
    else if (type.equals(api.TOOL_SEARCH)) {
      kind = ToolKind.Search;
      name = api.TOOL_SEARCH;
    } else if (!type.equals(names.FUNCTION)) return Bytes.empty();
    return sentToolName(this.conversion, spaceOf(document, tool, api.NAMESPACE), name, kind);
  }
}

/** The namespace that a member names; empty for none, and for that of functions without one. */
export function spaceOf(document: JsonDocument, holder: i32, member: Bytes): Bytes {
  const name = document.text(document.member(holder, member));
  return name.equals(api.FUNCTIONS) ? Bytes.empty() : name;
}

/** The name that a model sees of a tool. */
export function sentToolName(
  conversion: ChatConversion,
  namespace: Bytes,
  name: Bytes,
  kind: ToolKind,
): Bytes {
  const isUsual = namespace.length == 0 && kind == ToolKind.Function;
  if (isUsual) return conversion.tools.ofFunction(name);
  return conversion.tools.add(namespace, name, kind);
}

function withoutEncrypted(schema: Bytes): Bytes {
  return removed(removed(schema, ENCRYPTED_SUFFIX), ENCRYPTED_PREFIX);
}

/** A text without every occurrence of another. */
function removed(text: Bytes, part: Bytes): Bytes {
  let at = text.find(part);
  if (at < 0) return text;
  const out = new ByteWriter(text.length);
  let rest = text;
  while (at >= 0) {
    out.bytes(rest.slice(0, at));
    rest = rest.slice(at + part.length);
    at = rest.find(part);
  }
  return out.bytes(rest).toBytes();
}

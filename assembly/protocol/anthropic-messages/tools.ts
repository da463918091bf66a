import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import { cacheMarkOf, writeCacheMark } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { TextMap } from "../../text/text-map";
import { clientToolOf } from "./client-tools";

const TOOLS = Bytes.of("tools");
const TOOL = Bytes.of("tool");
const TOOL_CHOICE = Bytes.of("tool_choice");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const INPUT_SCHEMA = Bytes.of("input_schema");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const STRICT = Bytes.of("strict");
const CUSTOM = Bytes.of("custom");
const PARALLEL = Bytes.of("parallel_tool_calls");
const NO_PARALLEL = Bytes.of("disable_parallel_tool_use");
const AUTO = Bytes.of("auto");
const NONE = Bytes.of("none");
const ANY = Bytes.of("any");
const REQUIRED = Bytes.of("required");
const DEFER_LOADING = Bytes.of("defer_loading");
const TOOL_USE = Bytes.of("tool_use");
const TOOL_RESULT = Bytes.of("tool_result");
const TOOL_REFERENCE = Bytes.of("tool_reference");
const TOOL_NAME = Bytes.of("tool_name");
const TOOL_ADDITION = Bytes.of("tool_addition");
const TOOL_REMOVAL = Bytes.of("tool_removal");
const DEFINITION = Bytes.of("definition");

/** Tools for a screen, which the client runs and no other model knows. */
const COMPUTER = Bytes.of("computer_");

/** Anthropic's own search for tools, without which nobody finds deferred ones. */
const TOOL_SEARCH = Bytes.of("tool_search_tool_");

/**
 * The tools of a Messages request as functions of a chat: those that the client runs and the model may see.
 * Deferred tools are visible once the conversation has named them, all of them where Anthropic was to search
 * for them.
 */
export class MessageTools {
  /** Tools that the conversation has loaded or called. */
  private readonly named: TextMap<bool> = new TextMap();
  private readonly removed: TextMap<bool> = new TextMap();
  private readonly declared: TextMap<bool> = new TextMap();
  /** Definitions in system messages. */
  private readonly added: i32[] = [];
  private written: i32 = 0;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {}

  /** Writes `tools` and related members; nothing where there are none. */
  write(): void {
    const document = this.document;
    const tools = document.member(0, TOOLS);
    const isDeferring = document.source.find(DEFER_LOADING) >= 0;
    if (isDeferring || document.source.find(TOOL_ADDITION) >= 0) this.scan();
    this.writeAll(tools, isDeferring && this.hides(tools));
    for (let i = 0; i < this.added.length; i++) this.writeTool(this.added[i]);
    if (this.written == 0) return;
    this.out.endArray();
    this.writeChoice();
  }

  private writeAll(tools: i32, hides: bool): void {
    const document = this.document;
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      if (this.isOwn(tool) && (!hides || this.isVisible(tool))) this.writeTool(tool);
    }
  }

  /** Whether the client runs a tool; those that Anthropic runs exist nowhere else. */
  private isOwn(tool: i32): bool {
    const document = this.document;
    const type = document.text(document.member(tool, names.TYPE));
    if (document.kind(document.member(tool, names.NAME)) != Kind.String) return false;
    if (type.length == 0 || type.equals(CUSTOM) || clientToolOf(type) !== null) return true;
    if (type.startsWith(COMPUTER)) this.conversion.losses.noteContent("tools");
    else this.conversion.losses.note("tools");
    return false;
  }

  /** Whether deferred tools stay hidden: the client finds them, and others are left. */
  private hides(tools: i32): bool {
    const document = this.document;
    let hasVisible: bool = false;
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      if (document.text(document.member(tool, names.TYPE)).startsWith(TOOL_SEARCH)) return false;
      hasVisible = hasVisible || this.isVisible(tool);
    }
    return hasVisible;
  }

  private isVisible(tool: i32): bool {
    const document = this.document;
    if (!document.isTrue(document.member(tool, DEFER_LOADING))) return true;
    return this.named.has(document.text(document.member(tool, names.NAME)));
  }

  /** Collects the tools that the conversation names. */
  private scan(): void {
    const document = this.document;
    const choice = document.member(0, TOOL_CHOICE);
    this.name(document.member(choice, names.NAME));
    const messages = document.member(0, names.MESSAGES);
    for (let message = document.first(messages); message >= 0; message = document.after(message)) {
      const content = document.member(message, names.CONTENT);
      for (let block = document.firstItem(content); block >= 0; block = document.after(block)) {
        this.scanBlock(block);
      }
    }
  }

  private scanBlock(block: i32): void {
    const document = this.document;
    const type = document.text(document.member(block, names.TYPE));
    if (type.equals(TOOL_USE)) this.name(document.member(block, names.NAME));
    else if (type.equals(TOOL_RESULT)) {
      const content = document.member(block, names.CONTENT);
      for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
        const isReference = document.text(document.member(part, names.TYPE)).equals(TOOL_REFERENCE);
        if (isReference) this.name(document.member(part, TOOL_NAME));
      }
    } else if (type.equals(TOOL_ADDITION)) {
      const tool = document.member(block, TOOL);
      const definition = document.member(tool, DEFINITION);
      if (document.kind(definition) == Kind.Object) this.added.push(definition);
      else this.name(document.member(tool, names.NAME));
    } else if (type.equals(TOOL_REMOVAL)) {
      const tool = document.member(block, TOOL);
      this.removed.set(document.text(document.member(tool, names.NAME)), true);
    }
  }

  private name(node: i32): void {
    const name = this.document.text(node);
    if (name.length > 0) this.named.set(name, true);
  }

  private writeTool(tool: i32): void {
    const document = this.document;
    const name = document.text(document.member(tool, names.NAME));
    const isGone = this.removed.has(name) && !this.named.has(name);
    if (name.length == 0 || isGone || this.declared.has(name)) return;
    this.declared.set(name, true);
    const out = this.out;
    if (this.written++ == 0) out.key(TOOLS).array();
    out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object();
    out.key(names.NAME).string(this.conversion.tools.ofFunction(name));
    const known = clientToolOf(document.text(document.member(tool, names.TYPE)));
    if (known !== null) {
      out.key(DESCRIPTION).string(known.description).key(PARAMETERS).raw(known.parameters);
    } else this.writeDefinition(tool);
    if (document.isTrue(document.member(tool, STRICT))) out.key(STRICT).bool(true);
    out.endObject();
    writeCacheMark(document, cacheMarkOf(document, tool), out);
    out.endObject();
  }

  /** What the client says of a tool of its own. */
  private writeDefinition(tool: i32): void {
    const document = this.document;
    const description = document.member(tool, DESCRIPTION);
    if (document.kind(description) == Kind.String) {
      this.out.key(DESCRIPTION).raw(document.raw(description));
    }
    const schema = document.member(tool, INPUT_SCHEMA);
    const hasSchema = document.kind(schema) == Kind.Object;
    this.out.key(PARAMETERS).raw(hasSchema ? document.raw(schema) : NO_PARAMETERS);
  }

  /** A missing tool cannot be required: then the model decides. */
  private writeChoice(): void {
    const document = this.document;
    const out = this.out;
    const choice = document.member(0, TOOL_CHOICE);
    const type = document.text(document.member(choice, names.TYPE));
    const name = document.text(document.member(choice, names.NAME));
    if (type.equals(AUTO) || type.equals(NONE)) out.key(TOOL_CHOICE).string(type);
    else if (type.equals(ANY)) out.key(TOOL_CHOICE).string(REQUIRED);
    else if (type.length > 0 && this.declared.has(name)) {
      out.key(TOOL_CHOICE).object().key(names.TYPE).string(names.FUNCTION);
      out.key(names.FUNCTION).object().key(names.NAME);
      out.string(this.conversion.tools.ofFunction(name)).endObject().endObject();
    } else if (type.length > 0) this.conversion.losses.note("tool_choice");
    if (document.isTrue(document.member(choice, NO_PARALLEL))) out.key(PARALLEL).bool(false);
  }
}

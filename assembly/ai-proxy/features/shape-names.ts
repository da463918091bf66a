import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isPlainToolName, ToolNames } from "../../chat/tool-names";
import { isPlainTurn } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";

const TOOLS = Bytes.of("tools");
const FUNCTIONS = Bytes.of("functions");
const TOOL_CHOICE = Bytes.of("tool_choice");
const ALLOWED_TOOLS = Bytes.of("allowed_tools");
const TOOL = Bytes.of("tool");

/**
 * Gives the tools of a chat request names that every vendor accepts, wherever they occur. Source: OpenAI's
 * API reference (`function.name`: at most 64 letters, digits, `_` and `-`), which others repeat.
 */
export class NameShape {
  /** The client's names by what has been made of them; null while all are as the client has them. */
  tools: ToolNames | null = null;

  constructor(
    private readonly document: JsonDocument,
    private readonly changes: Splice,
  ) {}

  apply(): void {
    const document = this.document;
    this.shapeList(document.member(0, TOOLS));
    this.shapeNames(document.member(0, FUNCTIONS));
    this.shapeName(document.member(0, names.FUNCTION_CALL));
    const choice = document.member(0, TOOL_CHOICE);
    if (document.kind(choice) == Kind.Object) {
      this.shapeTool(choice);
      this.shapeList(document.member(document.member(choice, ALLOWED_TOOLS), TOOLS));
    }
    const messages = document.member(0, names.MESSAGES);
    if (document.kind(messages) != Kind.Array) return;
    for (let message = document.first(messages); message >= 0; message = document.after(message)) {
      const role = document.member(message, names.ROLE);
      // What is said most has no tools in it.
      if (document.textIs(role, names.USER)) continue;
      if (isPlainTurn(document, message, role, document.member(message, names.CONTENT))) continue;
      this.shapeList(document.member(message, names.TOOL_CALLS));
      this.shapeName(document.member(message, names.FUNCTION_CALL));
      const isResult = document.textIs(role, TOOL) || document.textIs(role, names.FUNCTION);
      if (isResult) this.shapeName(message);
    }
  }

  /** Tools or calls, each of which has its kind around its name. */
  private shapeList(list: i32): void {
    if (this.document.kind(list) != Kind.Array) return;
    for (let item = this.document.first(list); item >= 0; item = this.document.after(item)) {
      this.shapeTool(item);
    }
  }

  private shapeNames(list: i32): void {
    if (this.document.kind(list) != Kind.Array) return;
    for (let item = this.document.first(list); item >= 0; item = this.document.after(item)) {
      this.shapeName(item);
    }
  }

  private shapeTool(tool: i32): void {
    this.shapeName(this.document.member(tool, names.FUNCTION));
    this.shapeName(this.document.member(tool, names.CUSTOM));
  }

  /** `object`: whose `name` is that of a tool; −1 for none. */
  private shapeName(object: i32): void {
    const document = this.document;
    const node = document.member(object, names.NAME);
    if (document.kind(node) != Kind.String) return;
    const name = document.text(node);
    if (isPlainToolName(name)) return;
    let tools = this.tools;
    if (tools === null) this.tools = tools = new ToolNames();
    replaceString(document, this.changes, node, tools.ofFunction(name));
  }
}

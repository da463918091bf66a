import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { TextMap } from "../text/text-map";
import * as names from "./names";

const TOOL_CHOICE = Bytes.of("tool_choice");
const AUTO = Bytes.of("auto");
const NONE = Bytes.of("none");
const ANY = Bytes.of("any");
const REQUIRED = Bytes.of("required");
const TOOL = Bytes.of("tool");
const TOOLS = Bytes.of("tools");
const ALLOWED_TOOLS = Bytes.of("allowed_tools");
const MODE = Bytes.of("mode");

/** Whether the model must, may or must not call a tool. */
export enum Calling {
  Unsaid,
  Auto,
  None,
  /** Some tool must be called. */
  Any,
  /** The named tool must be called. */
  One,
  /** Unknown. */
  Other,
}

/** A chat's `tool_choice`, in OpenAI's form or one of its neighbours', which clients mix up: `{"type": …}`, `any`. */
export class ToolChoice {
  readonly calling: Calling;

  private constructor(
    calling: Calling,
    /** The name of the one tool; else empty. */
    readonly name: Bytes,
    /** The names of the functions that may be called; null if all may. */
    private readonly allowed: TextMap<bool> | null = null,
  ) {
    this.calling = calling;
  }

  /** `document`: an object at the root. */
  static of(document: JsonDocument): ToolChoice {
    const choice = document.member(0, TOOL_CHOICE);
    if (document.isAbsent(choice)) return new ToolChoice(Calling.Unsaid, Bytes.empty());
    const type = document.text(document.member(choice, names.TYPE));
    if (type.equals(ALLOWED_TOOLS)) return ToolChoice.ofAllowed(document, choice);
    let name = document.text(document.member(document.member(choice, names.FUNCTION), names.NAME));
    const namesIt = type.equals(TOOL) || type.equals(names.FUNCTION);
    if (name.length == 0 && namesIt) name = document.text(document.member(choice, names.NAME));
    if (name.length > 0) return new ToolChoice(Calling.One, name);
    return new ToolChoice(callingOf(type.length > 0 ? type : document.text(choice)), name);
  }

  /** `allowed_tools`, whose mode and list stand in a member of their own in a chat. */
  private static ofAllowed(document: JsonDocument, choice: i32): ToolChoice {
    const own = document.member(choice, ALLOWED_TOOLS);
    const holder = document.kind(own) == Kind.Object ? own : choice;
    const allowed = new TextMap<bool>();
    const list = document.member(holder, TOOLS);
    for (let tool = document.firstItem(list); tool >= 0; tool = document.after(tool)) {
      const named = document.member(tool, names.FUNCTION);
      const own = document.kind(named) == Kind.Object ? named : tool;
      allowed.set(document.text(document.member(own, names.NAME)), true);
    }
    const mode = document.text(document.member(holder, MODE));
    return new ToolChoice(callingOf(mode), Bytes.empty(), allowed);
  }

  /** Whether some tool must be called. */
  get isForced(): bool {
    return this.calling == Calling.Any || this.calling == Calling.One;
  }

  get isNone(): bool {
    return this.calling == Calling.None;
  }

  /** Whether a function may be called, where the choice names those that may. */
  allows(document: JsonDocument, definition: i32): bool {
    const allowed = this.allowed;
    return allowed === null || allowed.has(document.text(document.member(definition, names.NAME)));
  }
}

function callingOf(word: Bytes): Calling {
  if (word.equals(AUTO)) return Calling.Auto;
  if (word.equals(NONE)) return Calling.None;
  return word.equals(ANY) || word.equals(REQUIRED) ? Calling.Any : Calling.Other;
}

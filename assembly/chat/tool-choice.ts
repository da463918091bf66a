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
  Unset,
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
    /** Those that may be called, as `keyOf` names them; null if all may. */
    private readonly allowed: TextMap<bool> | null = null,
  ) {
    this.calling = calling;
  }

  /** `document`: an object at the root. */
  static of(document: JsonDocument): ToolChoice {
    const choice = document.member(0, TOOL_CHOICE);
    if (document.isAbsent(choice)) return new ToolChoice(Calling.Unset, Bytes.empty());
    const type = document.text(document.member(choice, names.TYPE));
    if (type.equals(ALLOWED_TOOLS)) return ToolChoice.ofAllowed(document, choice);
    let name = document.text(document.member(document.member(choice, names.FUNCTION), names.NAME));
    const namesIt = type.equals(TOOL) || type.equals(names.FUNCTION);
    if (name.length == 0 && namesIt) name = document.text(document.member(choice, names.NAME));
    if (name.length > 0) return new ToolChoice(Calling.One, name);
    return new ToolChoice(callingOf(type.length > 0 ? type : document.text(choice)), name);
  }

  /** `allowed_tools`, whose mode and list stand in a member of their own in a chat; the default mode is `auto`. */
  private static ofAllowed(document: JsonDocument, choice: i32): ToolChoice {
    const own = document.member(choice, ALLOWED_TOOLS);
    const holder = document.kind(own) == Kind.Object ? own : choice;
    const allowed = new TextMap<bool>();
    const list = document.member(holder, TOOLS);
    for (let tool = document.firstItem(list); tool >= 0; tool = document.after(tool)) {
      allowed.set(keyOf(document, tool), true);
    }
    const mode = callingOf(document.text(document.member(holder, MODE)));
    return new ToolChoice(mode == Calling.Other ? Calling.Auto : mode, Bytes.empty(), allowed);
  }

  /** Whether some tool must be called. */
  get isForced(): bool {
    return this.calling == Calling.Any || this.calling == Calling.One;
  }

  get isNone(): bool {
    return this.calling == Calling.None;
  }

  /** OpenAI's word for it; empty where there is none. */
  get word(): Bytes {
    if (this.calling == Calling.Auto) return AUTO;
    if (this.calling == Calling.None) return NONE;
    return this.isForced ? REQUIRED : Bytes.empty();
  }

  /** Whether the choice names the tools that may be called. */
  get isLimited(): bool {
    return this.allowed !== null;
  }

  /** Whether a tool of the chat may be called. */
  allows(document: JsonDocument, tool: i32): bool {
    const allowed = this.allowed;
    return allowed === null || allowed.has(keyOf(document, tool));
  }
}

/** The name of a tool in any form; of one without a name its type, which a vendor's own tools have instead. */
function keyOf(document: JsonDocument, tool: i32): Bytes {
  let definition = document.member(tool, names.FUNCTION);
  if (document.kind(definition) != Kind.Object) definition = document.member(tool, names.CUSTOM);
  if (document.kind(definition) != Kind.Object) definition = tool;
  const name = document.text(document.member(definition, names.NAME));
  return name.length > 0 ? name : document.text(document.member(tool, names.TYPE));
}

function callingOf(word: Bytes): Calling {
  if (word.equals(AUTO)) return Calling.Auto;
  if (word.equals(NONE)) return Calling.None;
  return word.equals(ANY) || word.equals(REQUIRED) ? Calling.Any : Calling.Other;
}

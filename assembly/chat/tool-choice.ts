import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import * as names from "./names";

const TOOL_CHOICE = Bytes.of("tool_choice");
const AUTO = Bytes.of("auto");
const NONE = Bytes.of("none");
const ANY = Bytes.of("any");
const REQUIRED = Bytes.of("required");
const TOOL = Bytes.of("tool");

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
  ) {
    this.calling = calling;
  }

  /** `document`: an object at the root. */
  static of(document: JsonDocument): ToolChoice {
    const choice = document.member(0, TOOL_CHOICE);
    if (document.isAbsent(choice)) return new ToolChoice(Calling.Unsaid, Bytes.empty());
    const type = document.text(document.member(choice, names.TYPE));
    let name = document.text(document.member(document.member(choice, names.FUNCTION), names.NAME));
    const namesIt = type.equals(TOOL) || type.equals(names.FUNCTION);
    if (name.length == 0 && namesIt) name = document.text(document.member(choice, names.NAME));
    if (name.length > 0) return new ToolChoice(Calling.One, name);
    return new ToolChoice(callingOf(type.length > 0 ? type : document.text(choice)), name);
  }

  /** Whether some tool must be called. */
  get isForced(): bool {
    return this.calling == Calling.Any || this.calling == Calling.One;
  }

  get isNone(): bool {
    return this.calling == Calling.None;
  }
}

function callingOf(word: Bytes): Calling {
  if (word.equals(AUTO)) return Calling.Auto;
  if (word.equals(NONE)) return Calling.None;
  return word.equals(ANY) || word.equals(REQUIRED) ? Calling.Any : Calling.Other;
}

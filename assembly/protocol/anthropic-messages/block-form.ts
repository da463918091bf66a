import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import * as literals from "./literals";

/** Which parts of a block come in deltas; all others are in its start event, whatever its type. */
export class BlockForm {
  constructor(
    /** The member whose text comes in pieces; empty for none. */
    readonly text: Bytes,
    /** Whether it has an input that comes as pieces of JSON. */
    readonly isCall: bool,
  ) {}

  get isText(): bool {
    return this.text === names.TEXT;
  }

  /** Whether a signature follows the text. */
  get isThought(): bool {
    return this.text === literals.THINKING;
  }
}

const TEXT = new BlockForm(names.TEXT, false);
const THOUGHT = new BlockForm(literals.THINKING, false);
const CALL = new BlockForm(Bytes.empty(), true);
const WHOLE = new BlockForm(Bytes.empty(), false);

/** Calls of client tools and of the vendor's tools. */
const CALLS: Bytes[] = [literals.TOOL_USE, Bytes.of("server_tool_use"), Bytes.of("mcp_tool_use")];

/** The form of blocks of a type. */
export function formOf(type: Bytes): BlockForm {
  if (type.equals(names.TEXT)) return TEXT;
  if (type.equals(literals.THINKING)) return THOUGHT;
  return type.isIn(CALLS) ? CALL : WHOLE;
}

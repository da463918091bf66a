import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";

const TOOLS = Bytes.of("tools");
const SYSTEM = Bytes.of("system");
const MESSAGES = Bytes.of("messages");
const TYPE = Bytes.of("type");
const TEXT = Bytes.of("text");
const THINKING = Bytes.of("thinking");
const REDACTED = Bytes.of("redacted_thinking");
const DEFERS = Bytes.of("defer_loading");
const MARK = Bytes.of(',"cache_control":{"type":"ephemeral"}');
const HOUR_MARK = Bytes.of(',"cache_control":{"type":"ephemeral","ttl":"1h"}');
const OWN_MARK = Bytes.of('"cache_control"');
const OPENING = Bytes.of('[{"type":"text","text":');
const CLOSING = Bytes.of("}]");

/** How a vendor's cache marks are written. */
export abstract class MarkForm {
  /** Prefix of a client's own mark. */
  abstract get sign(): Bytes;

  /** The list of tools, if its end can be marked; −1 for none. */
  tools(_document: JsonDocument): i32 {
    return -1;
  }

  /** The system prompt if it is outside the turns: a text or a list of blocks; −1 for none. */
  system(_document: JsonDocument): i32 {
    return -1;
  }

  /** The list of turns. */
  turns(document: JsonDocument): i32 {
    return document.member(0, MESSAGES);
  }

  /** Marks the end of a text or of a list of blocks, unless it cannot be marked. */
  abstract mark(document: JsonDocument, node: i32, isHour: bool, changes: Splice): void;
}

/** Marks as members of blocks, as in Anthropic's API. */
class MemberMarks extends MarkForm {
  /** `isWhole`: whether tools and system prompt are outside the messages, as in Anthropic's API. */
  constructor(private readonly isWhole: bool) {
    super();
  }

  get sign(): Bytes {
    return OWN_MARK;
  }

  tools(document: JsonDocument): i32 {
    return document.member(0, TOOLS);
  }

  system(document: JsonDocument): i32 {
    return this.isWhole ? document.member(0, SYSTEM) : -1;
  }

  mark(document: JsonDocument, node: i32, isHour: bool, changes: Splice): void {
    const mark = isHour ? HOUR_MARK : MARK;
    if (document.kind(node) == Kind.String) {
      if (document.end(node) == document.start(node)) return;
      const at = tokenStart(document, node);
      const end = tokenEnd(document, node);
      changes.replace(at, at, OPENING);
      changes.replace(end, end, mark);
      changes.replace(end, end, CLOSING);
      return;
    }
    if (document.kind(node) != Kind.Array) return;
    const block = document.element(node, document.size(node) - 1);
    if (!this.takesMark(document, node, block)) return;
    const end = document.end(block) - 1;
    changes.replace(end, end, mark);
  }

  /** Reasoning, empty texts and deferred tools cannot be marked. */
  private takesMark(document: JsonDocument, list: i32, block: i32): bool {
    if (document.kind(block) != Kind.Object || document.size(block) == 0) return false;
    // Chats cannot have marks in their tools.
    if (list == document.member(0, TOOLS)) {
      return this.isWhole && document.member(block, DEFERS) < 0;
    }
    const type = document.member(block, TYPE);
    if (document.textIs(type, THINKING) || document.textIs(type, REDACTED)) return false;
    const text = document.member(block, TEXT);
    return text < 0 || document.end(text) > document.start(text);
  }
}

/** Anthropic's messages. */
export const MESSAGE_MARKS: MarkForm = new MemberMarks(true);
/** Chats of OpenAI's form whose parts can be marked. */
export const PART_MARKS: MarkForm = new MemberMarks(false);

import { JsonWriter } from "../../json/writer";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isInstructionAt } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Char } from "../../proxy-wasm/char";

/** JSON in what follows: line ends are escapes. */
const OPEN_REMINDER = Bytes.of("<system-reminder>\\n");
const CLOSE_REMINDER = Bytes.of("\\n</system-reminder>");
const BLANK_LINE = Bytes.of("\\n\\n");
const TEXT_PART = Bytes.of('{"type":"text","text":"');
const END_OF_PART = Bytes.of('"}');
const USER_OPEN = Bytes.of('{"role":"user","content":"');

/**
 * Moves the instructions of a conversation: before it, or as reminders into the user's message before them.
 */
export class InstructionEditor {
  /** Node of the user's message that reminders join; −1 for none. */
  private host: i32 = -1;
  /** What joins its content, as JSON within a string. */
  private reminders: ByteWriter = new ByteWriter(16);

  constructor(
    private readonly document: JsonDocument,
    private readonly changes: Splice,
  ) {}

  /** Whether a message is an instruction. */
  isAt(message: i32): bool {
    return isInstructionAt(this.document, this.document.member(message, names.ROLE));
  }

  /** One system message in front for the first `leading`, and for those among the first `count`. */
  join(messages: i32, leading: i32, count: i32): void {
    const document = this.document;
    const text = new ByteWriter(1024);
    let message = messages + 1;
    let before = -1;
    for (let i = 0; i < count; i++) {
      if (this.isAt(message)) this.append(document.member(message, names.CONTENT), text);
      if (i > 0 && i < leading) this.drop(message, before);
      before = message;
      message = document.next(message);
    }
    this.replace(messages + 1, text);
  }

  /** Sets the content of a message. `text`: JSON within a string. */
  replace(message: i32, text: ByteWriter): void {
    const content = this.document.member(message, names.CONTENT);
    if (content < 0) return;
    const quoted = new JsonWriter(text.length + 2).quoted(text.toBytes());
    this.changes.replace(
      tokenStart(this.document, content),
      tokenEnd(this.document, content),
      quoted.toBytes(),
    );
  }

  /** The texts of a content as written in the JSON, a blank line between them. */
  append(content: i32, out: ByteWriter): void {
    const document = this.document;
    if (document.kind(content) == Kind.String) {
      this.appendString(content, out);
      return;
    }
    if (document.kind(content) != Kind.Array) return;
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const text = document.member(part, names.TEXT);
      if (document.kind(text) == Kind.String) this.appendString(text, out);
    }
  }

  private appendString(node: i32, out: ByteWriter): void {
    const document = this.document;
    const inner = document.content(node);
    if (inner.length == 0) return;
    if (out.length > 0) out.bytes(BLANK_LINE);
    out.bytes(inner);
  }

  /** An instruction in mid-conversation. `before`: the message before it. */
  remind(message: i32, before: i32): void {
    const text = new ByteWriter(256);
    this.append(this.document.member(message, names.CONTENT), text);
    const reminder = new ByteWriter(text.length + 64).bytes(OPEN_REMINDER);
    reminder.bytes(text.toBytes()).bytes(CLOSE_REMINDER);
    if (this.host >= 0) {
      if (this.reminders.length > 0) this.reminders.bytes(BLANK_LINE);
      this.reminders.bytes(reminder.toBytes());
      this.drop(message, before);
      return;
    }
    const whole = new ByteWriter(reminder.length + 48).bytes(USER_OPEN);
    whole.bytes(reminder.toBytes()).bytes(END_OF_PART);
    this.changes.replace(
      tokenStart(this.document, message),
      tokenEnd(this.document, message),
      whole.toBytes(),
    );
  }

  /** Takes a message out, with the comma before it. */
  drop(message: i32, before: i32): void {
    const from = tokenEnd(this.document, before);
    this.changes.replace(from, tokenEnd(this.document, message), Bytes.empty());
  }

  /**
   * Moves the first `count` messages to the instructions outside the conversation. `members`: of the request.
   */
  hoist(messages: i32, count: i32, members: ObjectEdit): void {
    const document = this.document;
    const text = new ByteWriter(256);
    let message = messages + 1;
    for (let i = 0; i < count; i++) {
      this.append(document.member(message, names.CONTENT), text);
      message = document.next(message);
    }
    const from = tokenStart(document, messages + 1);
    this.changes.replace(from, tokenStart(document, message), Bytes.empty());
    if (text.length == 0) return;
    const system = document.member(0, names.SYSTEM);
    const kind = document.kind(system);
    if (kind == Kind.String || kind == Kind.Array) this.extend(system, text.toBytes());
    else
      members.set(names.SYSTEM, new JsonWriter(text.length + 2).quoted(text.toBytes()).toBytes());
  }

  /** Reminders that come now follow a message, and join it if it is a user's. `role`: its node. */
  follow(message: i32, role: i32): void {
    this.host = -1;
    if (!this.document.textIs(role, names.USER)) return;
    const kind = this.document.kind(this.document.member(message, names.CONTENT));
    if (kind == Kind.String || kind == Kind.Array) this.host = message;
  }

  /** Puts the reminders into the user's message that they follow. */
  finishReminders(): void {
    if (this.host < 0 || this.reminders.length == 0) return;
    const content = this.document.member(this.host, names.CONTENT);
    this.extend(content, this.reminders.toBytes());
    this.reminders = new ByteWriter(16);
  }

  /** Appends a text to those of a content. `text`: JSON within a string. */
  private extend(content: i32, text: Bytes): void {
    const document = this.document;
    const end = document.end(content);
    if (document.kind(content) == Kind.String) {
      const more = new ByteWriter(text.length + 4);
      if (end > document.start(content)) more.bytes(BLANK_LINE);
      this.changes.replace(end, end, more.bytes(text).toBytes());
    } else if (document.kind(content) == Kind.Array) {
      const more = new ByteWriter(text.length + 32);
      if (document.size(content) > 0) more.byte(Char.Comma);
      more.bytes(TEXT_PART).bytes(text).bytes(END_OF_PART);
      this.changes.replace(end - 1, end - 1, more.toBytes());
    }
  }
}

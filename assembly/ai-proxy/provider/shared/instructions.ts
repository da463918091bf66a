import * as names from "../../../chat/names";
import { isInstructionAt } from "../../../chat/role";
import { JsonDocument, Kind } from "../../../json/document";

/**
 * The texts of the instructions of a whole conversation, in order: of each system and developer message
 * its content, or the parts of it. Empty ones are left out.
 */
export class Instructions {
  /** Node of the current text, a string. */
  text: i32 = -1;
  /** Node of the part or the message that holds it. */
  holder: i32 = -1;
  /** Messages that are left, and the next of them. */
  private messages: i32;
  private message: i32;
  /** Parts of the current message that are left, and the next of them. */
  private parts: i32 = 0;
  private part: i32 = -1;

  constructor(private readonly document: JsonDocument) {
    const messages = document.member(0, names.MESSAGES);
    this.messages = document.size(messages);
    this.message = messages + 1;
  }

  /** Continues with the next text; false at the end. */
  next(): bool {
    while (this.parts > 0 || this.messages > 0) {
      if (this.parts > 0 ? this.takePart() : this.takeMessage()) return true;
    }
    return false;
  }

  private takePart(): bool {
    const document = this.document;
    const part = this.part;
    this.parts--;
    this.part = document.next(part);
    return this.take(document.member(part, names.TEXT), part);
  }

  private takeMessage(): bool {
    const document = this.document;
    const message = this.message;
    this.messages--;
    this.message = document.next(message);
    if (!isInstructionAt(document, document.member(message, names.ROLE))) return false;
    const content = document.member(message, names.CONTENT);
    if (document.kind(content) != Kind.Array) return this.take(content, message);
    this.parts = document.size(content);
    this.part = content + 1;
    return false;
  }

  private take(text: i32, holder: i32): bool {
    const document = this.document;
    this.text = text;
    this.holder = holder;
    return document.kind(text) == Kind.String && document.end(text) > document.start(text);
  }
}

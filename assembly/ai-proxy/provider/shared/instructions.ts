import * as names from "../../../chat/names";
import { isInstructionAt } from "../../../chat/role";
import { JsonDocument, Kind } from "../../../json/document";
import { Char } from "../../../proxy-wasm/char";

/**
 * Iterates over the texts of a conversation's instructions, in order: the content of each system and developer
 * message, or its parts. Blank texts, which vendors reject, are skipped.
 */
export class InstructionReader {
  /** Node of the current text, a string. */
  text: i32 = -1;
  /** Node of the part or message that contains it. */
  holder: i32 = -1;
  /** The number of remaining messages, and the next one. */
  private messages: i32;
  private message: i32;
  /** The number of remaining parts of the current message, and the next one. */
  private parts: i32 = 0;
  private part: i32 = -1;

  constructor(private readonly document: JsonDocument) {
    const messages = document.member(0, names.MESSAGES);
    this.messages = document.size(messages);
    this.message = messages + 1;
  }

  /** Moves to the next text; false at the end. */
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
    if (document.kind(text) != Kind.String) return false;
    const first = document.content(text).at(0);
    if (first > Char.Space && first != Char.Backslash) return true;
    return document.text(text).trim().length > 0;
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { isInstructionAt } from "../../../chat/role";
import { Keeping, keepingOf, PointSettings } from "./options";

export const POINT = Bytes.of('{"cachePoint":{"type":"default"}}');
export const HOUR_POINT = Bytes.of('{"cachePoint":{"type":"default","ttl":"1h"}}');
const RETENTION = Bytes.of("prompt_cache_retention");
const NOVA = Bytes.of("amazon.nova");
const ASSISTANT = Bytes.of("assistant");
/** Bedrock refuses more. */
const MOST: i32 = 4;
const NOWHERE: i32 = -1;

/** Where Bedrock is to keep what it has read: a block of its own after the one that is marked. */
export class CachePoints {
  private written: i32 = 0;
  /** Bytes that were written when the last point was. */
  private end: i32 = 0;
  private readonly point: Bytes;
  private readonly isBehindSystem: bool;
  /** Nodes of the messages that have a point after them. */
  private lastUser: i32 = NOWHERE;
  private last: i32 = NOWHERE;

  /** `isClaude`: whether the model is one whose clients' marks become points. */
  constructor(
    request: DialectRequest,
    settings: PointSettings,
    private readonly isClaude: bool,
  ) {
    const document = request.document;
    const asked = document.text(document.member(0, RETENTION));
    let keeping = asked.length > 0 ? keepingOf(asked) : settings.keeping;
    if (!isClaude && request.model.find(NOVA) < 0) keeping = Keeping.Not;
    this.point = keeping == Keeping.Hour ? HOUR_POINT : POINT;
    this.isBehindSystem = keeping != Keeping.Not && settings.behindSystem;
    if (keeping != Keeping.Not) this.findMessages(document, settings);
  }

  /** Writes a point into the open list of blocks. `mark`: node of the client's mark, −1 for none. */
  write(mark: i32, out: JsonWriter): void {
    if (mark >= 0 && this.isClaude) this.put(out);
  }

  /** The point after the system prompt, whose list is open. */
  endSystem(out: JsonWriter): void {
    if (this.isBehindSystem) this.put(out);
  }

  /** The point after a message that has just been written, and whose list is open. */
  endMessage(message: i32, out: JsonWriter): void {
    if (message == this.lastUser || message == this.last) this.put(out);
  }

  private put(out: JsonWriter): void {
    if (this.written >= MOST || out.length == this.end) return;
    this.written++;
    out.raw(this.point);
    this.end = out.length;
  }

  /** The last message, and the last that goes out as the user's. */
  private findMessages(document: JsonDocument, settings: PointSettings): void {
    if (!settings.behindLastUser && !settings.behindLast) return;
    const messages = document.member(0, names.MESSAGES);
    let message = messages + 1;
    for (let left = document.size(messages); left > 0; left--) {
      const role = document.member(message, names.ROLE);
      if (!isInstructionAt(document, role)) {
        if (settings.behindLast) this.last = message;
        if (settings.behindLastUser && !document.textIs(role, ASSISTANT)) this.lastUser = message;
      }
      message = document.next(message);
    }
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { cacheMarkOf } from "../../../chat/cache-mark";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { isInstructionAt } from "../../../chat/role";
import { CacheRetention, retentionOf, PointSettings } from "./options";

export const POINT = Bytes.of('{"cachePoint":{"type":"default"}}');
export const HOUR_POINT = Bytes.of('{"cachePoint":{"type":"default","ttl":"1h"}}');
const TTL = Bytes.of("ttl");
const HOUR = Bytes.of("1h");
const RETENTION = Bytes.of("prompt_cache_retention");
export const NOVA = Bytes.of("amazon.nova");
/** Bedrock rejects requests with more. */
const MOST: i32 = 4;
const NOWHERE: i32 = -1;

/** A client's cache marker. */
export enum Mark {
  None,
  /** For as long as Bedrock keeps prompts by default. */
  Set,
  Hour,
}

/** The marker of a message, a part or a tool. */
export function markOf(document: JsonDocument, holder: i32): Mark {
  const mark = cacheMarkOf(document, holder);
  if (mark < 0) return Mark.None;
  return document.textIs(document.member(mark, TTL), HOUR) ? Mark.Hour : Mark.Set;
}

/** Writes Bedrock's cache points, each a block of its own after the content to be cached. */
export class CachePoints {
  private written: i32 = 0;
  /** Whether a point of the default time is written, behind which AWS rejects one for an hour. */
  private isShort: bool = false;
  /** The length of the output after the last point. */
  private end: i32 = 0;
  private readonly point: Bytes;
  private readonly keepsHour: bool;
  private readonly isAfterSystem: bool;
  /** Nodes of the messages that have a point after them. */
  private lastUser: i32 = NOWHERE;
  private last: i32 = NOWHERE;

  /** `isClaude`: whether clients' markers become points, as they do for Claude's models. */
  constructor(
    request: DialectRequest,
    settings: PointSettings,
    private readonly isClaude: bool,
  ) {
    const document = request.document;
    const asked = document.text(document.member(0, RETENTION));
    let retention = asked.length > 0 ? retentionOf(asked) : settings.retention;
    if (!isClaude && request.model.find(NOVA) < 0) retention = CacheRetention.None;
    this.keepsHour = request.features.keepsHour;
    this.point = retention == CacheRetention.Hour ? HOUR_POINT : POINT;
    this.isAfterSystem = retention != CacheRetention.None && settings.afterSystem;
    if (retention != CacheRetention.None) this.findMessages(document, settings);
  }

  /** Writes a point into the open list of blocks, where the client has set a marker. */
  write(mark: Mark, out: JsonWriter): void {
    if (mark == Mark.None || !this.isClaude) return;
    this.put(out, mark == Mark.Hour && this.keepsHour ? HOUR_POINT : this.point);
  }

  /** Called before the tools, which are written last but come first in the order of caching. */
  beginTools(): void {
    this.isShort = false;
  }

  /** Writes the point after the system prompt, whose list is still open. */
  endSystem(out: JsonWriter): void {
    if (this.isAfterSystem) this.put(out, this.point);
  }

  /** Writes the point after the message just written, whose list is still open. */
  endMessage(message: i32, out: JsonWriter): void {
    if (message == this.lastUser || message == this.last) this.put(out, this.point);
  }

  private put(out: JsonWriter, point: Bytes): void {
    if (this.written >= MOST || out.length == this.end) return;
    this.written++;
    out.raw(this.isShort ? POINT : point);
    if (point == POINT) this.isShort = true;
    this.end = out.length;
  }

  /** Finds the last message, and the last one that is sent with the role user. */
  private findMessages(document: JsonDocument, settings: PointSettings): void {
    if (!settings.afterLastUser && !settings.afterLastMessage) return;
    const messages = document.member(0, names.MESSAGES);
    let message = messages + 1;
    for (let left = document.size(messages); left > 0; left--) {
      const role = document.member(message, names.ROLE);
      if (!isInstructionAt(document, role)) {
        if (settings.afterLastMessage) this.last = message;
        if (settings.afterLastUser && !document.textIs(role, names.ASSISTANT))
          this.lastUser = message;
      }
      message = document.next(message);
    }
  }
}

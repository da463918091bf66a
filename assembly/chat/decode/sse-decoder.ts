import { Bytes } from "../../proxy-wasm/bytes";
import { SseHandler, SseParser } from "../../http/sse";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerDecoder, AnswerSink } from "../answer-sink";

/** Largest event of a stream in bytes. */
const MAX_EVENT: i32 = 4 << 20;

/** A decoder for protocols whose streams are server-sent events with JSON data. */
export abstract class SseDecoder extends AnswerDecoder implements SseHandler {
  private readonly parser: SseParser = new SseParser(MAX_EVENT);
  /** Whether the answer is complete or has failed; later events are ignored. */
  protected isOver: bool = false;
  /** Whether the sink knows that the answer has begun. */
  protected isStarted: bool = false;
  protected readonly document: JsonDocument = new JsonDocument();

  constructor(sink: AnswerSink) {
    super(sink);
  }

  /** One event: its type, and its data as the parsed `document`, an object. */
  protected abstract onObject(type: Bytes): void;

  /** A complete answer as the parsed `document`, an object. */
  protected abstract onWhole(): void;

  /** Whether the finish reason has arrived, so that the stream may end without a further event. */
  protected get hasReason(): bool {
    return false;
  }

  /** The stream ended without an end event. Returns whether that was a proper end. */
  protected onSilentEnd(): bool {
    return this.hasReason;
  }

  get isEnding(): bool {
    return !this.isOver && this.hasReason;
  }

  /** Data that is not JSON, such as `[DONE]`. */
  protected onSentinel(_data: Bytes): void {}

  held(): i32 {
    return this.parser.held;
  }

  push(chunk: Bytes): void {
    if (this.isOver) return;
    this.parser.push(chunk, this);
    if (this.parser.overflow) this.failWith("an event is too large");
  }

  end(): void {
    if (!this.isOver) this.parser.end(this);
    if (this.isOver) return;
    const isEnd = this.onSilentEnd();
    if (this.isOver) return;
    if (isEnd) this.complete();
    else this.failWith("the answer was cut off");
  }

  whole(body: Bytes): void {
    if (this.isOver) return;
    const document = this.document;
    if (!document.parse(body) || document.kind(0) != Kind.Object) {
      this.failWith("the answer is not valid");
      return;
    }
    this.onWhole();
    if (!this.isOver) this.complete();
  }

  /** For the parser: one event of the stream. */
  onEvent(type: Bytes, data: Bytes): void {
    if (this.isOver || data.length == 0) return;
    const document = this.document;
    if (!document.parse(data)) {
      this.onSentinel(data);
      return;
    }
    if (document.kind(0) == Kind.Object) this.onObject(type);
  }

  /** Tells the sink that the answer begins. `created`: seconds since 1970; 0 when that is not known. */
  protected start(id: Bytes, model: Bytes, created: i64 = 0): void {
    this.isStarted = true;
    this.sink.start(id, model, <u64>max<i64>(created, 0));
  }

  protected complete(): void {
    this.isOver = true;
    this.sink.end();
  }

  /** Ends the answer with a vendor's error. */
  protected fail(status: i32, code: string, message: string): void {
    this.isOver = true;
    this.sink.fail(status, code, message);
  }

  private failWith(message: string): void {
    this.fail(502, "upstream_incomplete", message);
  }
}

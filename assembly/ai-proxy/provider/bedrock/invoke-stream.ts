import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { EventStreamFrames, EventStreamHandler } from "../../../http/aws-event-stream";
import { JsonDocument, Kind } from "../../../json/document";
import { decodeBase64 } from "../../../text/base64";
import { StreamUnwrapper } from "../base/stream-unwrapper";
import { StreamException } from "./exceptions";
import { Char } from "../../../proxy-wasm/char";

const EVENT = Bytes.of("event");
const BYTES = Bytes.of("bytes");
const MESSAGE_STOP = Bytes.of("message_stop");
const NAME = Bytes.of("event: ");
const DATA = Bytes.of("\ndata: ");
const END = Bytes.of("\n\n");

/**
 * Unwraps the answers of `invoke-with-response-stream`: messages of AWS' event stream, each with one of Anthropic's
 * events in base64.
 */
export class InvokeStream extends StreamUnwrapper implements EventStreamHandler {
  private readonly frames: EventStreamFrames = new EventStreamFrames();
  private readonly document: JsonDocument = new JsonDocument();
  private out: ByteWriter = new ByteWriter(0);
  private isFinished: bool = false;

  push(chunk: Bytes): Bytes {
    this.out = new ByteWriter(chunk.length);
    this.frames.push(chunk, this);
    if (this.frames.isBroken) this.fail(502, "upstream_incomplete", "the stream is damaged");
    return this.out.toBytes();
  }

  get isComplete(): bool {
    return this.isFinished && this.frames.isComplete;
  }

  held(): i32 {
    return this.frames.held;
  }

  /** Called by `frames` for each message. */
  onMessage(type: Bytes, name: Bytes, payload: Bytes): void {
    if (this.status != 0) return;
    const document = this.document;
    const isObject = document.parse(payload) && document.kind(0) == Kind.Object;
    if (!type.equals(EVENT)) {
      const exception = new StreamException(name, isObject ? document : null);
      this.fail(exception.status, exception.code, exception.message);
      return;
    }
    const wrapped = isObject ? document.text(document.member(0, BYTES)) : Bytes.empty();
    const event = decodeBase64(wrapped);
    const isValid = event !== null && document.parse(event);
    const kind = isValid ? document.text(document.member(0, names.TYPE)) : Bytes.empty();
    if (event === null || !isValid || hasLineEnd(kind)) {
      this.fail(502, "upstream_incomplete", "an event of the stream is not valid");
      return;
    }
    if (kind.equals(MESSAGE_STOP)) this.isFinished = true;
    this.out.bytes(NAME).bytes(kind).bytes(DATA).bytes(inOneLine(event)).bytes(END);
  }

  private fail(status: i32, code: string, message: string): void {
    if (this.status != 0) return;
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

/** Whether a text would end its line, and begin another one of the event. */
function hasLineEnd(text: Bytes): bool {
  return text.indexOf(Char.LineFeed) >= 0 || text.indexOf(Char.CarriageReturn) >= 0;
}

/** Replaces line ends, which in JSON appear only between tokens, by spaces (in place). */
function inOneLine(json: Bytes): Bytes {
  blank(json, Char.LineFeed);
  blank(json, Char.CarriageReturn);
  return json;
}

function blank(json: Bytes, byte: u8): void {
  let at = json.indexOf(byte);
  for (; at >= 0; at = json.indexOf(byte, at + 1)) {
    store<u8>(json.pointer + <usize>at, Char.Space);
  }
}

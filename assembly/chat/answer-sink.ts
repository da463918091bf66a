import { Bytes } from "../proxy-wasm/bytes";
import { newAnswerId } from "./answer-id";

/** Calls of tools in one answer; further ones are dropped. */
export const MAX_CALLS: i32 = 1024;

/**
 * Bytes of an answer's identifier and of its model's name that are kept. Clients are told them with
 * every piece, so that long ones would make a large stream of a small one.
 */
const MAX_NAME: i32 = 256;
const LINE_FEED = Bytes.of("\n");

/** An identifier or a model's name as it is told, a copy. */
export function shortName(text: Bytes): Bytes {
  return text.slice(0, MAX_NAME).copy();
}

/** Tokens of an answer. `prompt` includes what was read from and written to a vendor's cache. */
export class TokenCounts {
  prompt: i64 = 0;
  completion: i64 = 0;
  /** Of `prompt`: read from the vendor's cache. */
  cached: i64 = 0;
  /** Of `prompt`: written to the vendor's cache. */
  cacheWrites: i64 = 0;
  /** Of `completion`. */
  reasoning: i64 = 0;
}

/**
 * One answer as it comes, whatever the wire: what reads a vendor's protocol tells it, what writes a
 * client's protocol is told. Texts are valid during the call. The order is `start` first and `end` or
 * `fail` last; an encoder ignores what comes out of order.
 */
export abstract class AnswerSink {
  /** The answer begins. `created`: seconds since 1970, 0 when the vendor does not say. */
  abstract start(id: Bytes, model: Bytes, created: u64): void;

  /**
   * The choice that all following is about, where an answer has several. `index`: its number, from 0. `name`: who
   * speaks in it; empty for nobody. A protocol of answers with one choice has a line for each.
   */
  choice(index: i32, _name: Bytes): void {
    if (index > 0) this.text(LINE_FEED);
  }

  /** A piece of the text. */
  abstract text(piece: Bytes): void;

  /** A piece of the reasoning. */
  abstract reasoning(piece: Bytes): void;

  /** The vendor's signature under the reasoning since the last one, which ends with it. */
  abstract signature(value: Bytes): void;

  /** Reasoning that only the vendor can read. */
  redacted(_data: Bytes): void {}

  /** A picture. `data`: base64. */
  image(_mediaType: Bytes, _data: Bytes): void {}

  /** A call of a tool begins. `index`: its number, from 0. */
  abstract toolStart(index: i32, id: Bytes, name: Bytes): void;

  /** Google's signature under the call that begins next. */
  callSignature(_value: Bytes): void {}

  /** A piece of the JSON of a call's arguments. */
  abstract toolArguments(index: i32, piece: Bytes): void;

  /** Tokens; the last word counts. */
  abstract usage(tokens: TokenCounts): void;

  /** Why the answer ended, in OpenAI's words; the first word counts. */
  abstract finish(reason: Bytes): void;

  /** The answer cannot be completed. `status`: what HTTP would say. */
  abstract fail(status: i32, code: string, message: string): void;

  /** The answer is complete. */
  abstract end(): void;
}

/** Bytes of an answer that an encoder of events keeps for later. */
export const MAX_KEPT: i32 = 8 << 20;

const PICTURE = Bytes.of("[a picture, which cannot be told here]");

/** Writes an answer in a client's protocol. */
export abstract class AnswerEncoder extends AnswerSink {
  /** Bytes that are kept for later, without what `take` gives. */
  held(): i32 {
    return 0;
  }

  /** The HTTP status of a failure; 0 without one. */
  failedWith: i32 = 0;
  /** The model of an answer that does not name its own. */
  fallbackModel: Bytes = Bytes.empty();

  /** A protocol that has no pictures in answers has a word for them. */
  image(_mediaType: Bytes, _data: Bytes): void {
    this.text(PICTURE);
  }

  /** What takes the place of a thread, in a protocol that knows such a thing. */
  summary(_value: Bytes): void {}

  start(id: Bytes, model: Bytes, created: u64): void {
    const named = model.length > 0 ? model : this.fallbackModel;
    this.begin(id.length > 0 ? id : newAnswerId(), named, created);
  }

  /** Like `start`, with an identifier and a model. */
  protected abstract begin(id: Bytes, model: Bytes, created: u64): void;

  /** What has been written since the last call; a buffered answer is there after its end. */
  abstract take(): Bytes;
}

/** Reads an answer in a vendor's protocol. */
export abstract class AnswerDecoder {
  constructor(protected readonly sink: AnswerSink) {}

  /** Bytes of the stream that wait for the rest of an event. */
  held(): i32 {
    return 0;
  }

  /** A piece of a stream. */
  abstract push(chunk: Bytes): void;

  /**
   * Whether the vendor has told the end of a stream that is not over yet, because more may follow (the
   * usage, a last word): `end` completes it.
   */
  get isEnding(): bool {
    return false;
  }

  /** The stream is over; one without a proper end fails. */
  abstract end(): void;

  /** A buffered answer. */
  abstract whole(body: Bytes): void;
}

import { Bytes } from "../proxy-wasm/bytes";
import { newAnswerId } from "./answer-id";

/** Most tool calls in one answer; further ones are dropped. */
export const MAX_CALLS: i32 = 1024;

/**
 * Bytes of an answer's identifier and of its model's name that are kept. Clients receive them with every
 * piece, so long ones would make a small stream large.
 */
const MAX_NAME: i32 = 256;
const LINE_FEED = Bytes.of("\n");

/** A copy of an identifier or a model's name, cut to the limit. */
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
 * Receives the events of one answer: a vendor's decoder calls it, a client's encoder implements it. Texts
 * are valid during the call. The order is `start` first and `end` or `fail` last; an encoder ignores what
 * comes out of order.
 */
export abstract class AnswerSink {
  /** The answer begins. `created`: seconds since 1970, 0 when the vendor does not say. */
  abstract start(id: Bytes, model: Bytes, created: u64): void;

  /**
   * The choice that all following events belong to, where an answer has several. `index`: from 0. `name`:
   * its speaker, empty for none. Protocols with one choice per answer write one line for each.
   */
  choice(index: i32, _name: Bytes): void {
    if (index > 0) this.text(LINE_FEED);
  }

  /** A piece of the text. */
  abstract text(piece: Bytes): void;

  /** A piece of the model's refusal to answer, which is text in protocols without such a thing. */
  refusal(piece: Bytes): void {
    this.text(piece);
  }

  /** A piece of the reasoning. */
  abstract reasoning(piece: Bytes): void;

  /** The vendor's signature of the reasoning since the last signature, which ends that reasoning. */
  abstract signature(value: Bytes): void;

  /** Reasoning that only the vendor can read. */
  redacted(_data: Bytes): void {}

  /** A picture. `data`: base64. */
  image(_mediaType: Bytes, _data: Bytes): void {}

  /** A call of a tool begins. `index`: its number, from 0. */
  abstract toolStart(index: i32, id: Bytes, name: Bytes): void;

  /** Google's signature of the call that begins next. */
  callSignature(_value: Bytes): void {}

  /** A piece of the JSON of a call's arguments. */
  abstract toolArguments(index: i32, piece: Bytes): void;

  /** Token counts; the last event counts. */
  abstract usage(tokens: TokenCounts): void;

  /** The client's stop sequence that ended the answer, where the vendor names it; before `finish`. */
  stopSequence(_value: Bytes): void {}

  /** OpenAI's finish reason; the first event counts. */
  abstract finish(reason: Bytes): void;

  /** The answer cannot be completed. `status`: an HTTP status. */
  abstract fail(status: i32, code: string, message: string): void;

  /** The answer is complete. */
  abstract end(): void;
}

/** Most bytes of an answer that a stream encoder buffers. */
export const MAX_KEPT: i32 = 8 << 20;

const PICTURE = Bytes.of("[an image that cannot be shown here]");

/** Writes an answer in a client's protocol. */
export abstract class AnswerEncoder extends AnswerSink {
  /** Buffered bytes, without those that `take` returns. */
  held(): i32 {
    return 0;
  }

  /** The HTTP status of a failure; 0 without one. */
  failedWith: i32 = 0;
  /** The model of an answer that does not name its own. */
  fallbackModel: Bytes = Bytes.empty();

  /** Protocols without pictures in answers write a note instead. */
  image(_mediaType: Bytes, _data: Bytes): void {
    this.text(PICTURE);
  }

  /** The summary that replaces a thread, in a protocol that has such a thing. */
  summary(_value: Bytes): void {}

  start(id: Bytes, model: Bytes, created: u64): void {
    const named = model.length > 0 ? model : this.fallbackModel;
    this.begin(id.length > 0 ? id : newAnswerId(), named, created);
  }

  /** Like `start`, with an identifier and a model. */
  protected abstract begin(id: Bytes, model: Bytes, created: u64): void;

  /** What has been written since the last call; a complete document only after the end. */
  abstract take(): Bytes;
}

/** Reads an answer in a vendor's protocol. */
export abstract class AnswerDecoder {
  constructor(protected readonly sink: AnswerSink) {}

  /** Bytes of an incomplete event. */
  held(): i32 {
    return 0;
  }

  /** A piece of a stream. */
  abstract push(chunk: Bytes): void;

  /**
   * Whether the vendor has announced the end of a stream that may still continue (with the usage or an end
   * mark): `end` completes it.
   */
  get isEnding(): bool {
    return false;
  }

  /** The stream has ended; without a proper end the answer fails. */
  abstract end(): void;

  /** A complete answer in one document. */
  abstract whole(body: Bytes): void;
}

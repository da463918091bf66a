import { BodyBuffer, MAX_TRAILED } from "../proxy-wasm/body-buffer";
import { replaceBuffer } from "../proxy-wasm/buffer";
import { ByteShare } from "../proxy-wasm/byte-budget";
import { Bytes } from "../proxy-wasm/bytes";
import { StreamContext } from "../proxy-wasm/context";
import { HeaderSnapshot, responseHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { BufferType, DataStatus, TrailersStatus } from "../proxy-wasm/types";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { AnswerBody } from "./answer-body";
import { bodyLength } from "./body-length";
import * as header from "./names";

/** Headers that the host writes itself, and those that describe the replaced body. */
const NOT_COPIED: Bytes[] = [
  header.STATUS,
  header.CONTENT_LENGTH,
  Bytes.of("transfer-encoding"),
  Bytes.of("trailer"),
  Bytes.of("date"),
  Bytes.of("server"),
];

/** Converts complete answers into what the client receives. */
export abstract class AnswerFinisher {
  /**
   * Converts the upstream's body. Sets status and content type, which is possible because the headers are
   * held.
   */
  abstract finish(body: Bytes): Bytes;

  /**
   * The body to send instead of one that is too large to be held; null to let the answer pass unchanged.
   * Sets status and content type.
   */
  abstract tooLarge(): Bytes | null;
}

/** `headers`: of the answer. `limit`: largest body in bytes. `share`: the budget that counts it. */
export function takeAnswer(headers: HeaderSnapshot, limit: i64, share: ByteShare): BodyBuffer {
  const expected = bodyLength(headers);
  const mayTrail = expected < 0 && headers.has(header.TRAILER);
  return new BodyBuffer(BufferType.ResponseBody, limit, share, expected, mayTrail);
}

/** An answer that is held until it is complete, and then replaced. */
export class HeldAnswer extends AnswerBody {
  /** Whether the client's body has been written; anything that still arrives is dropped. */
  private isDone: bool = false;
  /** Whether the upstream's body passes unchanged, because it was too large. */
  private passes: bool = false;

  /** `details`: of the local reply that is sent if the host no longer accepts a body. */
  constructor(
    private readonly stream: StreamContext,
    private readonly finisher: AnswerFinisher,
    private readonly held: BodyBuffer,
    private readonly details: string,
  ) {
    super();
  }

  onPiece(size: i32, endOfStream: bool): i32 {
    if (this.passes) return DataStatus.Continue;
    if (this.isDone) {
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.Continue;
    }
    const held = this.held;
    if (!held.take(size)) return this.giveUp(size);
    if (!held.isComplete(endOfStream)) return held.keep();
    return this.finish(true) ? DataStatus.Continue : DataStatus.StopIterationAndBuffer;
  }

  get isHeld(): bool {
    return !this.isDone;
  }

  onTrailers(): i32 {
    if (this.passes || this.isDone) return TrailersStatus.Continue;
    return this.finish(false) ? TrailersStatus.Continue : TrailersStatus.StopIteration;
  }

  release(): void {
    this.held.release();
  }

  /**
   * Replaces the upstream's body with the client's; false if a local reply was sent instead. `hasPiece`:
   * whether this is the callback of a piece that ends the body.
   */
  private finish(hasPiece: bool): bool {
    const held = this.held;
    this.isDone = true;
    const body = this.finisher.finish(held.whole());
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    const fits = held.outlastsPieces ? body.length <= MAX_TRAILED : hasPiece;
    const isWritten = fits && held.putBack(body);
    this.release();
    if (!isWritten) this.stream.reply(replacing(body, this.details));
    return isWritten;
  }

  private giveUp(size: i32): i32 {
    const body = this.finisher.tooLarge();
    this.isDone = true;
    this.passes = body === null;
    if (body === null) this.held.putInFront();
    else {
      responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
      replaceBuffer(BufferType.ResponseBody, body);
    }
    this.release();
    return DataStatus.Continue;
  }
}

/**
 * A local reply with `body` and the headers of the answer that it replaces. Only while they are held; for
 * hosts that no longer accept a body.
 */
export function replacing(body: Bytes, details: string): LocalReply {
  const headers = responseHeaders.snapshot();
  const status = parseDecimal(headers.getOrEmpty(header.STATUS), 502);
  const reply = new LocalReply(<u32>status, details);
  headers.copyTo(reply.headers, NOT_COPIED);
  reply.body = body;
  return reply;
}

import { readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { BufferType, DataStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerBody } from "../../http/answer-body";
import { maskSent } from "./mask";
import { Exchange } from "../exchange/exchange";
import { errorOf, generalError, isText, MAX_TEXT } from "./error-answer";
import { HostFailure } from "./host-failure";

/**
 * Replaces an error that is not JSON (a page, a line of text, the host's own) with one in the client's
 * protocol. The headers have been sent, without a length.
 */
export class ErrorText extends AnswerBody {
  private readonly text: ByteWriter = new ByteWriter(0);
  private isWritten: bool = false;
  private isKept: bool = false;
  /** Whether the body may still be a message for the client. */
  private isTold: bool;

  /**
   * `type`: content type of the vendor's; empty when it is not the vendor's. `failure`: why the vendor
   * did not answer; null when it did.
   */
  constructor(
    private readonly exchange: Exchange,
    private readonly status: i32,
    private readonly type: Bytes,
    private readonly failure: HostFailure | null = null,
  ) {
    super();
    this.isTold = isText(type);
  }

  onPiece(size: i32, endOfStream: bool): i32 {
    if (this.isWritten) {
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.Continue;
    }
    if (this.isTold) {
      this.text.bytes(readBuffer(BufferType.ResponseBody, size));
      this.isTold = this.text.length <= MAX_TEXT;
    }
    if (this.isTold && !endOfStream) {
      this.isKept = true;
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.StopIterationAndBuffer;
    }
    this.write();
    return DataStatus.Continue;
  }

  onTrailers(): i32 {
    if (this.isKept && !this.isWritten) this.write();
    return TrailersStatus.Continue;
  }

  private write(): void {
    this.isWritten = true;
    const exchange = this.exchange;
    const failure = this.failure;
    if (failure !== null) {
      const body = exchange.protocol.errorBody(this.status, failure.code, failure.message);
      replaceBuffer(BufferType.ResponseBody, body);
      return;
    }
    const error = this.isTold
      ? errorOf(
          this.type,
          maskSent(exchange, this.text.toBytes()),
          exchange.protocol,
          this.status,
          exchange.namesModel,
        )
      : generalError(exchange.protocol, this.status, exchange.namesModel);
    replaceBuffer(BufferType.ResponseBody, error);
  }
}

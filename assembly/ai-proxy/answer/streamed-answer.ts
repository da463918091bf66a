import { readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { BufferType, DataStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerBody } from "./answer-body";
import { AnswerRewriter } from "./answer-rewriter";
import { UsageTail } from "./usage";

/**
 * A stream whose events are rewritten as they come. Nothing waits but what comes when the vendor has
 * told the end: the host takes no more bytes from the callback of trailers once all pieces have gone
 * on, and the client's last events are still to be written then.
 */
export class StreamedAnswer extends AnswerBody {
  /** Written for the client and kept back. */
  private kept: Bytes = Bytes.empty();
  /** Whether the host keeps a buffer that can be written. */
  private isKept: bool = false;

  constructor(
    private readonly rewriter: AnswerRewriter,
    private readonly tail: UsageTail,
  ) {
    super();
  }

  onPiece(size: i32, endOfStream: bool): i32 {
    let piece = Bytes.empty();
    if (size > 0) piece = this.noted(this.rewriter.push(readBuffer(BufferType.ResponseBody, size)));
    if (endOfStream) piece = join(piece, this.noted(this.rewriter.end()));
    piece = join(this.kept, piece);
    this.isKept = !endOfStream && this.rewriter.isEnding;
    if (this.isKept) {
      this.kept = piece;
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.StopIterationAndBuffer;
    }
    this.kept = Bytes.empty();
    if (size > 0 || piece.length > 0) replaceBuffer(BufferType.ResponseBody, piece);
    return DataStatus.Continue;
  }

  onTrailers(): i32 {
    const rest = this.noted(this.rewriter.end());
    if (this.isKept) replaceBuffer(BufferType.ResponseBody, join(this.kept, rest));
    return TrailersStatus.Continue;
  }

  private noted(piece: Bytes): Bytes {
    this.tail.push(piece);
    return piece;
  }
}

function join(a: Bytes, b: Bytes): Bytes {
  if (a.length == 0) return b;
  if (b.length == 0) return a;
  return new ByteWriter(a.length + b.length).bytes(a).bytes(b).toBytes();
}

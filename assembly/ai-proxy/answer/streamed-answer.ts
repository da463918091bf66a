import { readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteShare } from "../../proxy-wasm/byte-budget";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { BufferType, DataStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerBody } from "../../http/answer-body";
import { AnswerRewriter } from "./answer-rewriter";
import { UsageTail } from "../report/usage";

/** Most bytes held back; if a vendor continues after the end, they are sent. */
const MAX_KEPT: i32 = 65_536;

/**
 * Rewrites the events of a stream as they arrive. Only what follows the vendor's end event is held back:
 * the host accepts no bytes from the trailers callback once all pieces have been sent, and the client's
 * last events are written then.
 */
export class StreamedAnswer extends AnswerBody {
  /** Output that is held back. */
  private kept: ByteWriter = new ByteWriter(0);
  /** Whether the stream was ended with an error because it exceeded the budget. */
  private isOver: bool = false;
  /** Whether the host keeps a buffer that can be written. */
  private isKept: bool = false;

  constructor(
    private readonly rewriter: AnswerRewriter,
    private readonly tail: UsageTail,
    /** The budget that counts what the rewriter keeps. */
    private readonly share: ByteShare,
  ) {
    super();
  }

  onPiece(size: i32, endOfStream: bool): i32 {
    if (this.isOver) {
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.Continue;
    }
    let piece = Bytes.empty();
    if (size > 0) piece = this.noted(this.rewriter.push(readBuffer(BufferType.ResponseBody, size)));
    if (!this.share.resize(<i64>this.rewriter.held() + <i64>this.kept.length)) {
      piece = join(piece, this.noted(this.rewriter.giveUp()));
      this.isOver = true;
    } else if (endOfStream) piece = join(piece, this.noted(this.rewriter.end()));
    const isEnding = !endOfStream && !this.isOver && this.rewriter.isEnding;
    this.isKept = isEnding && this.kept.length + piece.length <= MAX_KEPT;
    if (this.isKept) {
      this.kept.bytes(piece);
      if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
      return DataStatus.StopIterationAndBuffer;
    }
    piece = join(this.takeKept(), piece);
    if (size > 0 || piece.length > 0) replaceBuffer(BufferType.ResponseBody, piece);
    return DataStatus.Continue;
  }

  onTrailers(): i32 {
    if (this.isOver) return TrailersStatus.Continue;
    const rest = this.noted(this.rewriter.end());
    if (this.isKept) replaceBuffer(BufferType.ResponseBody, join(this.takeKept(), rest));
    return TrailersStatus.Continue;
  }

  private takeKept(): Bytes {
    if (this.kept.length == 0) return Bytes.empty();
    const kept = this.kept.toBytes();
    this.kept = new ByteWriter(0);
    return kept;
  }

  release(): void {
    this.share.release();
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

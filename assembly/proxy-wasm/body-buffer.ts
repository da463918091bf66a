import { readBuffer, replaceBuffer, replaceStart } from "./buffer";
import { ByteShare } from "./byte-budget";
import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";
import { EditedBytes } from "./edited-bytes";
import { DataStatus } from "./types";

/** Smaller pieces are merged, so that many of them do not cost an object each. */
const SMALL_PIECE: i32 = 4096;
/** Small pieces are merged into blocks of about this size. */
const TAIL_BLOCK: i32 = 16384;

/**
 * Largest body that can be restored when trailers end it: no more than the buffers of a host with small
 * limits hold.
 */
export const MAX_TRAILED: i32 = 32_768;

/** Whether the host keeps a buffer that can be written when trailers come. */
enum Reach {
  /** It does not, and is not asked to. */
  None,
  /** It is asked to with the first piece. */
  Wanted,
  /** It does. */
  Kept,
}

/**
 * The module's own copy of a body that comes in pieces. The host drops each piece
 * (`StopIterationNoBuffer`), so its buffer limits do not apply; `putBack` restores it in the callback that
 * releases the body.
 */
export class BodyBuffer {
  /**
   * Pieces in order; large ones as the host returned them, so that nothing is copied until the whole body
   * is needed.
   */
  private blocks: Bytes[] = [];
  /** Small pieces since the last block. */
  private tail: ByteWriter | null = null;
  private size: i32 = 0;
  /** Whether `take` failed because the body exceeds its own limit rather than the budget. */
  isTooLarge: bool = false;
  /** Size of the piece that the current callback brought; −1 when the host no longer has it. */
  private last: i32 = 0;
  private reach: Reach;

  /**
   * `type`: `BufferType` of the body. `limit`: largest body in bytes. `share`: the budget that counts it.
   * `expected`: its `content-length`, −1 when it is not known. `mayTrail`: whether its length is not known
   * and trailers may end it.
   */
  constructor(
    private readonly type: i32,
    readonly limit: i64,
    private readonly share: ByteShare,
    private readonly expected: i64,
    mayTrail: bool = false,
  ) {
    this.reach = mayTrail ? Reach.Wanted : Reach.None;
  }

  /** Whether the budget has room for the rest of the body, as far as its length is known. */
  get hasRoom(): bool {
    return this.expected < 0 || this.share.fits(this.expected - <i64>this.size);
  }

  /** Bytes taken so far. */
  get length(): i32 {
    return this.size;
  }

  /**
   * Takes the piece of `size` bytes that is in the host's buffer. False when it would exceed the limit
   * (`isTooLarge`) or the budget; then nothing was taken.
   */
  take(size: i32): bool {
    this.last = size;
    if (size <= 0) return true;
    this.isTooLarge = <i64>this.size + <i64>size > this.limit;
    if (this.isTooLarge || !this.share.take(<i64>size)) return false;
    const piece = readBuffer(this.type, size);
    this.size += piece.length;
    const isWhole = <i64>piece.length == this.expected;
    if (piece.length >= SMALL_PIECE || isWhole) {
      this.endTail();
      this.blocks.push(piece);
      return true;
    }
    let tail = this.tail;
    if (tail === null) {
      tail = new ByteWriter(piece.length << 1);
      this.tail = tail;
    }
    if (tail.bytes(piece).length >= TAIL_BLOCK) this.endTail();
    return true;
  }

  /**
   * What the callback returns for a piece that is not the last (`DataStatus`). The host drops the piece.
   * When trailers arrive, only a buffer that the host keeps can be written; where they are possible the
   * host therefore keeps an empty one until the body is too large for that.
   */
  keep(): i32 {
    const isSmall = this.size <= MAX_TRAILED;
    if (this.reach == Reach.None || (!isSmall && this.reach == Reach.Wanted)) {
      return DataStatus.StopIterationNoBuffer;
    }
    replaceBuffer(this.type, Bytes.empty());
    this.last = -1;
    this.reach = isSmall ? Reach.Kept : Reach.None;
    // The second ends the limit on what the last piece may be replaced with.
    return isSmall ? DataStatus.StopIterationAndBuffer : DataStatus.StopIterationAndWatermark;
  }

  /** Whether `putBack` works in the callback of trailers. */
  get outlastsPieces(): bool {
    return this.reach == Reach.Kept;
  }

  /** Whether the body is complete: often one callback before the host says so. */
  isComplete(endOfStream: bool): bool {
    return endOfStream || <i64>this.size == this.expected;
  }

  /** All that was taken. A body of one piece is not copied. */
  whole(): Bytes {
    this.endTail();
    if (this.blocks.length > 1) {
      const whole = new ByteWriter(this.size);
      for (let i = 0; i < this.blocks.length; i++) whole.bytes(this.blocks[i]);
      this.blocks = [whole.toBytes()];
    }
    return this.blocks.length == 0 ? Bytes.empty() : this.blocks[0];
  }

  private endTail(): void {
    const tail = this.tail;
    if (tail !== null) this.blocks.push(tail.toBytes());
    this.tail = null;
  }

  /** Writes `body` in place of what the host's buffer holds now. */
  putBack(body: Bytes): bool {
    return replaceBuffer(this.type, body);
  }

  /**
   * Writes `body` in place of what the host's buffer holds now, but for the end of what was taken where the
   * buffer has it and `body` shares it.
   */
  put(body: EditedBytes): void {
    const whole = this.whole();
    const isOfThis = body.source === whole && body.tail.length == 0;
    const held = isOfThis ? max(0, min(this.last, body.to - body.from)) : 0;
    const gone = this.last - held;
    this.last = body.isAll(whole) ? this.size : -1;
    if (held == 0) {
      this.write(body);
      return;
    }
    // Either the host has more than is shared, or not all of it.
    if (body.from < body.to - held) {
      replaceStart(this.type, 0, body.source.slice(body.from, body.to - held));
    }
    if (gone == 0 && body.head.length == 0) return;
    if (!replaceStart(this.type, gone, body.head)) this.write(body);
  }

  /** Writes all of `body`: its parts from the end, so that none is copied first. */
  private write(body: EditedBytes): void {
    if (body.length < SMALL_PIECE) {
      replaceBuffer(this.type, body.whole());
      return;
    }
    const hasTail = body.tail.length > 0;
    replaceBuffer(this.type, hasTail ? body.tail : body.shared);
    if (hasTail) replaceStart(this.type, 0, body.shared);
    if (body.head.length > 0) replaceStart(this.type, 0, body.head);
  }

  /** Puts what was taken before what the host's buffer holds now, which was not taken. */
  putInFront(): void {
    replaceStart(this.type, 0, this.whole());
  }

  /** Forgets the body and returns its bytes back to the budget. Can be called again. */
  release(): void {
    this.share.release();
    this.size = 0;
    this.tail = null;
    if (this.blocks.length > 0) this.blocks = [];
  }
}

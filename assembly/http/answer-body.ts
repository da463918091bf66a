/** Processes the body of an answer on its way to the client. */
export abstract class AnswerBody {
  /** A piece of `size` bytes is in the host's buffer. Returns a `DataStatus`. */
  abstract onPiece(size: i32, endOfStream: bool): i32;

  /** The body has ended without a last piece: trailers follow. Returns a `TrailersStatus`. */
  abstract onTrailers(): i32;

  /** Whether the answer's headers wait for its body. */
  get isHeld(): bool {
    return false;
  }

  /** Releases what is held. Idempotent. */
  release(): void {}
}

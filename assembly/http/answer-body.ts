/** What is done with the body of an answer on its way to the client. */
export abstract class AnswerBody {
  /** A piece of `size` bytes is in the host's buffer. `DataStatus`. */
  abstract onPiece(size: i32, endOfStream: bool): i32;

  /** The body has ended without a last piece: trailers follow. `TrailersStatus`. */
  abstract onTrailers(): i32;

  /** Gives back what is held. Can be called again. */
  release(): void {}
}

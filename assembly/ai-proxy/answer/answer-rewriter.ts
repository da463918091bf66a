import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

/** Converts a vendor's answer into what the client expects. */
export abstract class AnswerRewriter {
  /** The HTTP status of an error that came with status 200; 0 when there is none. */
  status: i32 = 0;

  /** A buffered answer. */
  abstract whole(body: Bytes): Bytes;

  /** Rewrites a piece of a stream. */
  abstract push(chunk: Bytes): Bytes;

  /** Writes the rest at the end of a stream. */
  abstract end(): Bytes;

  /** Whether the vendor has ended a stream and `end` still has something to write. */
  get isEnding(): bool {
    return false;
  }

  /** Buffered bytes of a stream. */
  held(): i32 {
    return 0;
  }

  /** Ends a stream that exceeds the budget, with an error in the client's protocol. */
  giveUp(): Bytes {
    return Bytes.empty();
  }

  /** Rewrites a complete stream. */
  events(body: Bytes): Bytes {
    const out = new ByteWriter(body.length).bytes(this.push(body));
    return out.bytes(this.end()).toBytes();
  }
}

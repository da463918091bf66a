import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

/** Makes of a vendor's answer what the client expects. */
export abstract class AnswerRewriter {
  /** The HTTP status of an error that came with status 200; 0 when there is none. */
  status: i32 = 0;

  /** A buffered answer. */
  abstract whole(body: Bytes): Bytes;

  /** What a piece of a stream becomes. */
  abstract push(chunk: Bytes): Bytes;

  /** What is left at the end of a stream. */
  abstract end(): Bytes;

  /** Whether the vendor has told the end of a stream and `end` has something to write yet. */
  get isEnding(): bool {
    return false;
  }

  /** Bytes of a stream that are kept for later. */
  held(): i32 {
    return 0;
  }

  /** Ends a stream for which there is no room: the error as the client's protocol has it. */
  giveUp(): Bytes {
    return Bytes.empty();
  }

  /** A stream that has come whole. */
  events(body: Bytes): Bytes {
    const out = new ByteWriter(body.length).bytes(this.push(body));
    return out.bytes(this.end()).toBytes();
  }
}

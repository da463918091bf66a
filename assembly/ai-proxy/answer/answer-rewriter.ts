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

  /** A stream that has come whole. */
  events(body: Bytes): Bytes {
    const out = new ByteWriter(body.length).bytes(this.push(body));
    return out.bytes(this.end()).toBytes();
  }
}

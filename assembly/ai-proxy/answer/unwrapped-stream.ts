import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { StreamUnwrapper } from "../provider/base/stream-unwrapper";
import { AnswerRewriter } from "./answer-rewriter";
import { TOO_LARGE_CODE, TOO_LARGE_WORDS } from "./error-answer";

const ERROR = Bytes.of("event: error\ndata: ");
const END = Bytes.of("\n\n");

/** A stream whose events are in the client's protocol once they are unwrapped from the vendor's frames. */
export class UnwrappedStream extends AnswerRewriter {
  private isOver: bool = false;

  constructor(
    private readonly unwrapper: StreamUnwrapper,
    private readonly protocol: ClientProtocol,
  ) {
    super();
  }

  /** An answer that is not a stream passes unchanged. */
  whole(body: Bytes): Bytes {
    return body;
  }

  push(chunk: Bytes): Bytes {
    if (this.isOver) return Bytes.empty();
    const events = this.unwrapper.push(chunk);
    const failed = this.unwrapper.status;
    if (failed == 0) return events;
    const error = this.fail(failed, this.unwrapper.code, this.unwrapper.message);
    return new ByteWriter(events.length + error.length).bytes(events).bytes(error).toBytes();
  }

  end(): Bytes {
    if (this.isOver || this.unwrapper.isComplete) return Bytes.empty();
    return this.fail(502, "upstream_incomplete", "the answer was cut off");
  }

  held(): i32 {
    return this.unwrapper.held();
  }

  giveUp(): Bytes {
    return this.fail(502, TOO_LARGE_CODE, TOO_LARGE_WORDS);
  }

  private fail(status: i32, code: string, message: string): Bytes {
    if (this.isOver) return Bytes.empty();
    this.isOver = true;
    const body = this.protocol.errorBody(status, code, message);
    return new ByteWriter(body.length + 32).bytes(ERROR).bytes(body).bytes(END).toBytes();
  }
}

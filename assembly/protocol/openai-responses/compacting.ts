import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerEncoder, AnswerSink, MAX_KEPT, TokenCounts } from "../../chat/answer-sink";
import { writeSummary } from "./summary";

const NOTHING = "the model wrote no summary";

/** Writes an answer as the single item that replaces a thread. */
export class Compacting extends AnswerSink {
  private readonly summary: ByteWriter = new ByteWriter(1024);

  constructor(private readonly next: AnswerEncoder) {
    super();
  }

  start(id: Bytes, model: Bytes, created: u64): void {
    this.next.start(id, model, created);
  }

  text(piece: Bytes): void {
    if (this.summary.length + piece.length <= MAX_KEPT) this.summary.bytes(piece);
  }

  reasoning(_piece: Bytes): void {}

  signature(_value: Bytes): void {}

  toolStart(_index: i32, _id: Bytes, _name: Bytes): void {}

  toolArguments(_index: i32, _piece: Bytes): void {}

  usage(tokens: TokenCounts): void {
    this.next.usage(tokens);
  }

  finish(_reason: Bytes): void {}

  fail(status: i32, code: string, message: string): void {
    this.next.fail(status, code, message);
  }

  end(): void {
    if (this.summary.length == 0) {
      this.next.fail(502, "upstream_incomplete", NOTHING);
      return;
    }
    this.next.summary(writeSummary(this.summary.toBytes()));
    this.next.end();
  }
}

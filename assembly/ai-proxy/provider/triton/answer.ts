import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";

const TEXT_OUTPUT = Bytes.of("text_output");

/** Reads Triton's generated texts. Streams have no end marker, and tokens are not counted. */
export class TritonDecoder extends SseDecoder {
  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const fault = document.member(0, names.ERROR);
    if (document.kind(fault) == Kind.String) {
      this.fail(502, "upstream_error", document.text(fault).toString());
      return;
    }
    const text = document.member(0, TEXT_OUTPUT);
    if (document.kind(text) != Kind.String) return;
    if (!this.isStarted) {
      this.start(document.text(document.member(0, names.ID)), this.model);
    }
    if (document.text(text).length > 0) this.sink.text(document.text(text));
  }

  protected onSilentEnd(): bool {
    if (this.isStarted) this.sink.finish(names.STOP);
    return this.isStarted;
  }

  protected onWhole(): void {
    this.onObject(Bytes.empty());
    if (this.isOver) return;
    if (this.isStarted) this.sink.finish(names.STOP);
    else this.fail(502, "upstream_incomplete", "the answer has no text");
  }
}

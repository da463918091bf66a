import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { Kind } from "../../../json/document";
import { Dialect, DialectRequest } from "../base/dialect";
import { transcriptOf } from "../shared/transcript";

const VOICE = Bytes.of("voice");
const QUESTION = Bytes.of("question");
const SAID = Bytes.of("said");

/** The vendor's protocol: a question as text, an answer as `said`, whole or in events. */
export class ExampleDialect extends Dialect {
  constructor(private readonly voice: Bytes) {
    super();
  }

  write(request: DialectRequest): Bytes {
    const out = new JsonWriter(256).object().key(names.MODEL).string(request.model);
    out.key(VOICE).string(this.voice).key(QUESTION).string(transcriptOf(request.document));
    return out.key(names.STREAM).bool(request.stream).endObject().toBytes();
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new ExampleDecoder(sink, model);
  }
}

class ExampleDecoder extends SseDecoder {
  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const said = this.document.member(0, SAID);
    if (this.document.kind(said) != Kind.String) return;
    if (!this.isStarted) this.start(Bytes.empty(), this.model);
    this.sink.text(this.document.text(said));
  }

  protected onSilentEnd(): bool {
    if (this.isStarted) this.sink.finish(names.STOP);
    return this.isStarted;
  }

  protected onWhole(): void {
    this.onObject(Bytes.empty());
    if (!this.onSilentEnd()) this.fail(502, "upstream_incomplete", "the answer says nothing");
  }
}

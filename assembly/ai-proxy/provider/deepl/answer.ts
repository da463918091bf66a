import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";

const TRANSLATIONS = Bytes.of("translations");
const SOURCE = Bytes.of("detected_source_language");

/** Reads DeepL's translations, one choice for each text. DeepL has no streams. */
export class DeepLDecoder extends SseDecoder {
  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {}

  protected onWhole(): void {
    const document = this.document;
    const translations = document.member(0, TRANSLATIONS);
    if (document.kind(translations) != Kind.Array) {
      this.fail(502, "upstream_incomplete", "the answer has no translation");
      return;
    }
    this.start(Bytes.empty(), this.model);
    for (
      let translation = document.first(translations), i = 0;
      translation >= 0;
      translation = document.after(translation), i++
    ) {
      this.sink.choice(i, document.text(document.member(translation, SOURCE)));
      const text = document.text(document.member(translation, names.TEXT));
      if (text.length > 0) this.sink.text(text);
    }
    this.sink.finish(names.STOP);
  }
}

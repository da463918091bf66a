import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
import { JsonDocument, Kind } from "../../json/document";
import { writeAnswer, writeBit, writeOver } from "./encoders";
import { BIT, OVER, SPEAKER, SPOKEN } from "./literals";

export class ExampleAnswer extends AnswerView {
  static is(document: JsonDocument): bool {
    return document.kind(document.member(0, SPOKEN)) == Kind.String;
  }

  fault(): string {
    return ExampleAnswer.is(this.document) ? AnswerFault.None : AnswerFault.Shape;
  }

  get hasToolCalls(): bool {
    return false;
  }

  get text(): Bytes {
    return this.document.text(this.document.member(0, SPOKEN));
  }

  get model(): Bytes {
    return this.document.text(this.document.member(0, SPEAKER));
  }
}

/** Puts a stream together, whose last event names the speaker. */
export class ExampleAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument();
  private readonly text: ByteWriter = new ByteWriter(64);
  private speaker: Bytes = Bytes.empty();

  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(type: Bytes, data: Bytes): void {
    const document = this.document;
    if (!document.parse(data)) this.fail(AnswerFault.NotJson);
    else if (type.equals(OVER)) this.speaker = document.text(document.member(0, SPEAKER)).copy();
    else if (document.kind(document.member(0, BIT)) != Kind.String) this.fail(AnswerFault.Error);
    else this.text.bytes(document.text(document.member(0, BIT)));
    if (this.text.length > this.limit) this.fail(AnswerFault.TooLarge);
  }

  assemble(): Bytes | null {
    if (this.speaker.length == 0) this.fail(AnswerFault.Unfinished);
    if (this.fault.length > 0) return null;
    return writeAnswer(this.speaker, this.text.toBytes());
  }
}

/** An answer as a stream. */
export function replayExample(answer: ExampleAnswer): Bytes {
  const out = new ByteWriter(answer.document.source.length + 128);
  writeBit(out, answer.text);
  return writeOver(out, answer.model).toBytes();
}

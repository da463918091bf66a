import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { AnswerView } from "../../../chat/answer-view";
import { JsonDocument } from "../../../json/document";
import { viewAnswer } from "../../../protocol/registry";
import { AnswerCapture, CapturedAnswer } from "../../form/answer-capture";
import { TokenUsage } from "../../store/usage";
import { AnswerForm, ReplyBody } from "../../form/answer-form";

const AUDIO = Bytes.of("audio/");

/** Captures audio, preceded by its content type. */
class SoundCapture extends AnswerCapture {
  private readonly body: ByteWriter;
  private readonly head: i32;

  constructor(limit: i32, share: ByteShare, form: SpeechForm, type: Bytes) {
    super(limit, share, form);
    const body = new ByteWriter(4096).framed(type);
    this.head = body.length;
    this.body = body;
  }

  protected read(piece: Bytes): void {
    if (this.body.length + piece.length > this.limit) this.fail(AnswerFault.TooLarge);
    else this.body.bytes(piece);
  }

  protected complete(): Bytes | null {
    return this.body.toBytes();
  }

  finish(): CapturedAnswer | null {
    if (this.body.length == this.head) this.fail(AnswerFault.Empty);
    if (this.fault.length > 0) return null;
    const usage = new TokenUsage(0, 0, 0);
    return new CapturedAnswer(this.body.toBytes(), false, Bytes.empty(), usage);
  }
}

/** Audio, which is cached with its content type. */
export class SpeechForm extends AnswerForm {
  viewAnswer(document: JsonDocument): AnswerView {
    return viewAnswer(document);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, _includeUsage: bool): AnswerCapture | null {
    const isSound = type.slice(0, AUDIO.length).equalsIgnoreCase(AUDIO);
    return isSound ? new SoundCapture(limit, share, this, type) : null;
  }

  reply(answer: Bytes, _stream: bool, _usage: bool, _template: Bytes | null): ReplyBody | null {
    const type = answer.framedAt(0);
    if (type === null || type.length == 0) return null;
    return new ReplyBody(type, answer.slice(4 + type.length));
  }
}

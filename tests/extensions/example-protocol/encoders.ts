import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerEncoder, TokenCounts } from "../../chat/answer-sink";
import { PartKind, WholeEncoder } from "../../chat/encode/whole-encoder";
import { JsonWriter } from "../../json/writer";
import { BIT, OVER, SPEAKER, SPOKEN, TROUBLE } from "./literals";

const DATA = Bytes.of("data: ");
const EVENT = Bytes.of("event: ");
const LINE = Bytes.of("\n");
const END = Bytes.of("\n\n");

function member(name: Bytes, text: Bytes): Bytes {
  return new JsonWriter(64).object().key(name).string(text).endObject().toBytes();
}

export function writeAnswer(speaker: Bytes, spoken: Bytes): Bytes {
  const out = new JsonWriter(64).object().key(SPEAKER).string(speaker);
  return out.key(SPOKEN).string(spoken).endObject().toBytes();
}

export function writeBit(out: ByteWriter, text: Bytes): void {
  out.bytes(DATA).bytes(member(BIT, text)).bytes(END);
}

export function writeOver(out: ByteWriter, speaker: Bytes): ByteWriter {
  out.bytes(EVENT).bytes(OVER).bytes(LINE);
  return out.bytes(DATA).bytes(member(SPEAKER, speaker)).bytes(END);
}

export class ExampleWholeEncoder extends WholeEncoder {
  protected write(): Bytes {
    return writeAnswer(this.model, this.joined(PartKind.Text));
  }

  protected writeError(_status: i32, _code: string, message: string): Bytes {
    return member(TROUBLE, Bytes.of(message));
  }
}

/** Tells the text only. */
export class ExampleStreamEncoder extends AnswerEncoder {
  private out: ByteWriter = new ByteWriter(256);
  private model: Bytes = Bytes.empty();
  private isOver: bool = false;

  protected begin(_id: Bytes, model: Bytes, _created: u64): void {
    this.model = model.copy();
  }

  text(piece: Bytes): void {
    if (!this.isOver) writeBit(this.out, piece);
  }

  reasoning(_piece: Bytes): void {}

  signature(_value: Bytes): void {}

  toolStart(_index: i32, _id: Bytes, _name: Bytes): void {}

  toolArguments(_index: i32, _piece: Bytes): void {}

  usage(_tokens: TokenCounts): void {}

  finish(_reason: Bytes): void {}

  fail(status: i32, _code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.out
      .bytes(DATA)
      .bytes(member(TROUBLE, Bytes.of(message)))
      .bytes(END);
  }

  end(): void {
    if (!this.isOver) writeOver(this.out, this.model);
    this.isOver = true;
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(256);
    return bytes;
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerSink, TokenCounts } from "../answer-sink";

/** Forwards everything to another sink; subclasses change or drop events. */
export abstract class ForwardingSink extends AnswerSink {
  constructor(protected readonly next: AnswerSink) {
    super();
  }

  start(id: Bytes, model: Bytes, created: u64): void {
    this.next.start(id, model, created);
  }

  choice(index: i32, name: Bytes): void {
    this.next.choice(index, name);
  }

  text(piece: Bytes): void {
    this.next.text(piece);
  }

  refusal(piece: Bytes): void {
    this.next.refusal(piece);
  }

  reasoning(piece: Bytes): void {
    this.next.reasoning(piece);
  }

  signature(value: Bytes): void {
    this.next.signature(value);
  }

  image(mediaType: Bytes, data: Bytes): void {
    this.next.image(mediaType, data);
  }

  redacted(data: Bytes): void {
    this.next.redacted(data);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    this.next.toolStart(index, id, name);
  }

  callSignature(value: Bytes): void {
    this.next.callSignature(value);
  }

  toolArguments(index: i32, piece: Bytes): void {
    this.next.toolArguments(index, piece);
  }

  usage(tokens: TokenCounts): void {
    this.next.usage(tokens);
  }

  stopSequence(value: Bytes): void {
    this.next.stopSequence(value);
  }

  finish(reason: Bytes): void {
    this.next.finish(reason);
  }

  fail(status: i32, code: string, message: string): void {
    this.next.fail(status, code, message);
  }

  end(): void {
    this.next.end();
  }
}

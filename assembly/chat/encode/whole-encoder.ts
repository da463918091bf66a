import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerEncoder, MAX_CALLS, shortName, TokenCounts } from "../answer-sink";

/** A call of a tool. */
export class ToolCall {
  readonly arguments: ByteWriter = new ByteWriter(64);
  /** The vendor's; empty for none. */
  signature: Bytes = Bytes.empty();

  constructor(
    readonly id: Bytes,
    readonly name: Bytes,
  ) {}
}

/** Collects an answer that is written as a whole. */
export abstract class WholeEncoder extends AnswerEncoder {
  protected id: Bytes = Bytes.empty();
  protected model: Bytes = Bytes.empty();
  protected created: u64 = 0;
  protected readonly words: ByteWriter = new ByteWriter(256);
  protected readonly thoughts: ByteWriter = new ByteWriter(16);
  protected signed: Bytes = Bytes.empty();
  protected readonly calls: ToolCall[] = [];
  private readonly callOf: Map<i32, ToolCall> = new Map();
  protected tokens: TokenCounts = new TokenCounts();
  protected reason: Bytes = Bytes.empty();
  private result: Bytes = Bytes.empty();
  private isOver: bool = false;

  /** The body of the complete answer. */
  protected abstract write(): Bytes;

  /** The body of an error. */
  protected abstract writeError(status: i32, code: string, message: string): Bytes;

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    this.id = shortName(id);
    this.model = shortName(model);
    this.created = created;
  }

  text(piece: Bytes): void {
    this.words.bytes(piece);
  }

  reasoning(piece: Bytes): void {
    this.thoughts.bytes(piece);
  }

  signature(value: Bytes): void {
    this.signed = value.copy();
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.callOf.has(index) || this.calls.length >= MAX_CALLS) return;
    const call = new ToolCall(id.copy(), name.copy());
    this.callOf.set(index, call);
    this.calls.push(call);
  }

  toolSignature(index: i32, value: Bytes): void {
    if (this.callOf.has(index)) this.callOf.get(index).signature = value.copy();
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.callOf.has(index)) this.callOf.get(index).arguments.bytes(piece);
  }

  usage(tokens: TokenCounts): void {
    this.tokens = tokens;
  }

  finish(reason: Bytes): void {
    if (this.reason.length == 0) this.reason = reason.copy();
  }

  fail(status: i32, code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.result = this.writeError(status, code, message);
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.result = this.write();
  }

  take(): Bytes {
    return this.result;
  }
}

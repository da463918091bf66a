import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerEncoder, MAX_CALLS, shortName, TokenCounts } from "../answer-sink";

/** Kinds of parts of an answer. */
export enum PartKind {
  Text,
  /** The model's refusal, in protocols that have one. */
  Refusal,
  Thought,
  /** Reasoning that only the vendor can read. */
  Redacted,
  Call,
}

/** A part of an answer. */
export class AnswerPart {
  /** Its text, or the arguments of a call. */
  readonly text: ByteWriter = new ByteWriter(64);
  /** The vendor's signature of reasoning or a call; empty for none. */
  signature: Bytes = Bytes.empty();

  constructor(
    readonly kind: PartKind,
    /** Of a call. */
    readonly id: Bytes = Bytes.empty(),
    /** Of a call. */
    readonly name: Bytes = Bytes.empty(),
  ) {}
}

/** Collects the events of an answer that is written as one document. */
export abstract class WholeEncoder extends AnswerEncoder {
  protected id: Bytes = Bytes.empty();
  protected model: Bytes = Bytes.empty();
  protected created: u64 = 0;
  protected readonly parts: AnswerPart[] = [];
  private readonly callOf: Map<i32, AnswerPart> = new Map();
  private nextSignature: Bytes = Bytes.empty();
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
    this.last(PartKind.Text).text.bytes(piece);
  }

  reasoning(piece: Bytes): void {
    this.last(PartKind.Thought).text.bytes(piece);
  }

  signature(value: Bytes): void {
    if (value.length > 0) this.last(PartKind.Thought).signature = value.copy();
  }

  redacted(data: Bytes): void {
    const part = new AnswerPart(PartKind.Redacted);
    part.text.bytes(data);
    this.parts.push(part);
  }

  /** The last part if it is of this kind, else a new one; reasoning ends with its signature. */
  protected last(kind: PartKind): AnswerPart {
    const count = this.parts.length;
    if (count > 0) {
      const part = this.parts[count - 1];
      if (part.kind == kind && part.signature.length == 0) return part;
    }
    const part = new AnswerPart(kind);
    this.parts.push(part);
    return part;
  }

  callSignature(value: Bytes): void {
    this.nextSignature = value.copy();
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.callOf.has(index) || this.callOf.size >= MAX_CALLS) return;
    const call = new AnswerPart(PartKind.Call, id.copy(), name.copy());
    call.signature = this.nextSignature;
    this.nextSignature = Bytes.empty();
    this.callOf.set(index, call);
    this.parts.push(call);
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.callOf.has(index)) this.callOf.get(index).text.bytes(piece);
  }

  /** The texts of all parts of a kind, one after the other. */
  protected joined(kind: PartKind): Bytes {
    const out = new ByteWriter(256);
    for (let i = 0; i < this.parts.length; i++) {
      if (this.parts[i].kind == kind) out.bytes(this.parts[i].text.toBytes());
    }
    return out.toBytes();
  }

  /** Whether there is a call. */
  protected get hasCalls(): bool {
    return this.callOf.size > 0;
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

import { ByteShare } from "../../proxy-wasm/byte-budget";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { SseParser } from "../../http/sse";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerView } from "../../chat/answer-view";
import { JsonDocument } from "../../json/document";
import { StoreResult } from "../report/reasons";
import { TokenUsage, usageOf } from "../store/usage";

/** Allowance for an event beyond the answer's limit, because events are larger than their text. */
const EVENT_OVERHEAD: i32 = 65536;
/** A byte order mark, which precedes some JSON. */
const BOM = Bytes.of("\ufeff");

/** A captured answer that may be cached. */
export class CapturedAnswer {
  constructor(
    /** The answer as JSON. */
    readonly json: Bytes,
    /** Whether it calls tools. */
    readonly hasToolCalls: bool,
    /** The model that it names; empty for none. */
    readonly model: Bytes,
    /** Its token usage. */
    readonly usage: TokenUsage,
  ) {}
}

/** Reads complete answers of one form. */
export abstract class AnswerReader {
  /** A view of any document as an answer: `AnswerView.fault` is set if it is not one. */
  abstract viewAnswer(document: JsonDocument): AnswerView;

  /** Why a good answer is none for this request; empty when it is one. */
  demandFault(_answer: AnswerView, _usage: TokenUsage): string {
    return AnswerFault.None;
  }

  /** The answer in a complete body; null when there is none. `limit`: largest answer in bytes. */
  answerIn(body: Bytes, _limit: i32): Bytes | null {
    return body;
  }
}

/** Captures a response as it passes, without delaying it; ends at the first fault. */
export abstract class AnswerCapture {
  /** An `AnswerFault` or a `StoreResult`; empty while all is well. */
  fault: string = "";

  constructor(
    protected readonly limit: i32,
    private readonly share: ByteShare,
    /** Only what this reader accepts as an answer is cached. */
    protected readonly reader: AnswerReader,
  ) {}

  /** The next bytes of the response, while there is no fault. */
  push(piece: Bytes): void {
    if (!this.share.take(<i64>piece.length)) {
      this.fail(StoreResult.Budget);
      return;
    }
    this.read(piece);
  }

  /** Ends the response; null with `fault` set when the answer must not be cached. */
  finish(): CapturedAnswer | null {
    const json = this.complete();
    if (json === null) return null;
    const document = new JsonDocument(min(json.length >> 4, 4096));
    if (!document.parse(json)) {
      this.fail(AnswerFault.NotJson);
      return null;
    }
    const answer = this.reader.viewAnswer(document);
    const usage = usageOf(document);
    this.fail(answer.fault());
    if (this.fault.length == 0) this.fail(this.reader.demandFault(answer, usage));
    if (this.fault.length > 0) return null;
    const model = answer.model.copy();
    return new CapturedAnswer(json, answer.hasToolCalls, model, usage);
  }

  /** Releases the budget. Idempotent. */
  release(): void {
    this.share.release();
  }

  protected fail(fault: string): void {
    if (this.fault.length == 0) this.fault = fault;
  }

  protected abstract read(piece: Bytes): void;

  /** The whole answer as JSON; null with `fault` set when there is none. */
  protected abstract complete(): Bytes | null;
}

/** Captures a JSON body. */
export class JsonCapture extends AnswerCapture {
  private readonly body: ByteWriter = new ByteWriter(1024);

  protected read(piece: Bytes): void {
    if (this.body.length + piece.length > this.limit) this.fail(AnswerFault.TooLarge);
    else this.body.bytes(piece);
  }

  protected complete(): Bytes | null {
    const body = this.body.toBytes();
    const answer = this.reader.answerIn(
      body.startsWith(BOM) ? body.slice(BOM.length) : body,
      this.limit,
    );
    if (answer === null) this.fail(AnswerFault.Shape);
    return answer;
  }
}

/** Captures an event stream by assembling its answer as it passes. */
export class StreamCapture extends AnswerCapture {
  private readonly parser: SseParser;

  constructor(
    limit: i32,
    share: ByteShare,
    reader: AnswerReader,
    private readonly assembler: AnswerAssembler,
  ) {
    super(limit, share, reader);
    this.parser = new SseParser(limit + EVENT_OVERHEAD);
  }

  protected read(piece: Bytes): void {
    this.parser.push(piece, this.assembler);
    this.note();
  }

  protected complete(): Bytes | null {
    this.parser.end(this.assembler);
    const answer = this.assembler.assemble();
    this.note();
    return answer;
  }

  private note(): void {
    if (this.parser.overflow) this.fail(AnswerFault.TooLarge);
    this.fail(this.assembler.fault);
  }
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerEncoder, MAX_CALLS, MAX_KEPT, shortName, TokenCounts } from "../../chat/answer-sink";
import { AnswerPart, PartKind } from "../../chat/encode/whole-encoder";
import * as names from "../../chat/names";
import { EventArray } from "../../http/sse-array";
import { JsonWriter } from "../../json/writer";
import { googleError } from "./error";
import { writeCallPart, writeTextPart } from "./parts";
import { finishReasonOf, writeUsage } from "./usage";
import * as literals from "./literals";

const DATA = Bytes.of("data: ");
const END_OF_EVENT = Bytes.of("\r\n\r\n");

/**
 * Writes an answer as a sequence of `GenerateContentResponse`s. Calls are written whole, as Google does, so
 * they are buffered until the end; so is the finish reason, which comes with the usage.
 */
export class GeminiStreamEncoder extends AnswerEncoder {
  private out: ByteWriter = new ByteWriter(1024);
  /** Set if the client wants an array. */
  private readonly array: EventArray | null;
  private id: Bytes = Bytes.empty();
  private model: Bytes = Bytes.empty();
  private tokens: TokenCounts = new TokenCounts();
  private reason: Bytes = Bytes.empty();
  private readonly calls: AnswerPart[] = [];
  private readonly callOf: Map<i32, AnswerPart> = new Map();
  /** The signature of the call that begins next. */
  private nextSignature: Bytes = Bytes.empty();
  /** Bytes of the buffered calls. */
  private kept: i32 = 0;
  private isRefused: bool = false;
  private isStarted: bool = false;
  private isOver: bool = false;
  private isClosed: bool = false;

  /** `asArray`: whether the stream is one JSON array, not server-sent events. */
  constructor(asArray: bool) {
    super();
    this.array = asArray ? new EventArray(i32.MAX_VALUE) : null;
  }

  protected begin(id: Bytes, model: Bytes, _created: u64): void {
    if (this.isStarted || this.isOver) return;
    this.isStarted = true;
    this.id = shortName(id);
    this.model = shortName(model);
  }

  text(piece: Bytes): void {
    this.writeChunk(piece, false, Bytes.empty());
  }

  refusal(piece: Bytes): void {
    this.isRefused = true;
    this.text(piece);
  }

  reasoning(piece: Bytes): void {
    this.writeChunk(piece, true, Bytes.empty());
  }

  signature(value: Bytes): void {
    if (value.length > 0) this.writeChunk(Bytes.empty(), true, value);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.ignoresInput || this.callOf.has(index) || this.calls.length >= MAX_CALLS) return;
    if (!this.keep(id.length + name.length)) return;
    const call = new AnswerPart(PartKind.Call, id.copy(), name.copy());
    call.signature = this.nextSignature;
    this.nextSignature = Bytes.empty();
    this.callOf.set(index, call);
    this.calls.push(call);
  }

  callSignature(value: Bytes): void {
    if (!this.ignoresInput && this.keep(value.length)) this.nextSignature = value.copy();
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.ignoresInput || !this.callOf.has(index) || !this.keep(piece.length)) return;
    this.callOf.get(index).text.bytes(piece);
  }

  held(): i32 {
    return this.kept;
  }

  usage(tokens: TokenCounts): void {
    this.tokens = tokens;
  }

  finish(reason: Bytes): void {
    if (this.reason.length == 0) this.reason = reason.copy();
  }

  fail(status: i32, _code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.forget();
    this.event(googleError(status, message));
  }

  end(): void {
    if (this.isOver) return;
    if (!this.isStarted) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    this.isOver = true;
    const response = this.open();
    for (let i = 0; i < this.calls.length; i++) writeCallPart(response, this.calls[i]);
    if (this.calls.length == 0) writeTextPart(response, Bytes.empty(), false, Bytes.empty());
    this.close(response, true);
    this.forget();
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(this.out.roomForNext);
    const array = this.array;
    if (array === null) return bytes;
    const elements = array.push(bytes);
    if (!this.isOver || this.isClosed) return elements;
    this.isClosed = true;
    return new ByteWriter(elements.length + 8).bytes(elements).bytes(array.end()).toBytes();
  }

  private get ignoresInput(): bool {
    return this.isOver || !this.isStarted;
  }

  /** Reserves `size` bytes for calls; false when the limit is exceeded and the answer has failed. */
  private keep(size: i32): bool {
    this.kept += size;
    if (this.kept <= MAX_KEPT) return true;
    this.fail(502, "upstream_incomplete", "the answer is too large");
    return false;
  }

  private forget(): void {
    this.calls.length = 0;
    this.callOf.clear();
    this.kept = 0;
  }

  /** A response with a piece of text. */
  private writeChunk(piece: Bytes, isThought: bool, signature: Bytes): void {
    if (this.ignoresInput || piece.length + signature.length == 0) return;
    const response = this.open();
    writeTextPart(response, piece, isThought, signature);
    this.close(response, false);
  }

  /** Begins a response, up to its parts. */
  private open(): JsonWriter {
    const out = new JsonWriter(256).object().key(literals.CANDIDATES).array().object();
    return out.key(names.CONTENT).object().key(literals.PARTS).array();
  }

  /** Ends a response. */
  private close(out: JsonWriter, isLast: bool): void {
    out.endArray().key(names.ROLE).string(literals.MODEL_ROLE).endObject();
    if (isLast) {
      const reason = finishReasonOf(this.reason, this.isRefused);
      out.key(literals.FINISH_REASON).string(Bytes.of(reason));
    }
    out.key(names.INDEX).number(0).endObject().endArray();
    if (isLast) {
      out.key(literals.USAGE).raw(Bytes.empty());
      writeUsage(out, this.tokens);
    }
    out.key(literals.MODEL_VERSION).string(this.model);
    this.event(out.key(literals.RESPONSE_ID).string(this.id).endObject().toBytes());
  }

  private event(json: Bytes): void {
    this.out.bytes(DATA).bytes(json).bytes(END_OF_EVENT);
  }
}

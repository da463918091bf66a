import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { JsonWriter } from "../../json/writer";
import { AnswerEncoder, MAX_CALLS, shortName, TokenCounts } from "../../chat/answer-sink";
import { openAiError } from "../../chat/error-body";
import { dataUrl } from "../../http/data-url";
import { writeUsage } from "./usage";
import { signedCallId } from "../../chat/signed-call-id";

const DATA = Bytes.of("data: ");
const HEAD_ID = Bytes.of('data: {"id":');
const HEAD_CREATED = Bytes.of(',"object":"chat.completion.chunk","created":');
const HEAD_MODEL = Bytes.of(',"model":');
const CHOICE = Bytes.of(',"choices":[{"index":');
const DELTA = Bytes.of(',"delta":');
const NAMED_ROLE = Bytes.of('{"name":');
const STOP = Bytes.of("stop");
const LENGTH = Bytes.of("length");
const NO_CHOICE = Bytes.of(',"choices":[],"usage":');
const ROLE = Bytes.of('{"role":"assistant","content":""}');
const CONTENT = Bytes.of('{"content":');
const REFUSAL = Bytes.of('{"refusal":');
const REASONING = Bytes.of('{"reasoning_content":');
const SIGNATURE = Bytes.of('{"reasoning_signature":');
const REDACTED = Bytes.of('{"thinking_blocks":[{"type":"redacted_thinking","data":');
const IMAGE = Bytes.of('{"images":[{"index":0,"type":"image_url","image_url":{"url":');
const END_IMAGE = Bytes.of("}}]}");
const END_REDACTED = Bytes.of("}]}");
const TOOL_INDEX = Bytes.of('{"tool_calls":[{"index":');
const TOOL_ID = Bytes.of(',"id":');
const TOOL_NAME = Bytes.of(',"type":"function","function":{"name":');
const NO_ARGUMENTS = Bytes.of(',"arguments":""}');
const END_CALL = Bytes.of("}]}");
const ARGUMENTS = Bytes.of(',"function":{"arguments":');
const END_ARGUMENTS = Bytes.of("}}]}");
const TOOL_SIGNATURE = Bytes.of(',"extra_content":{"google":{"thought_signature":');
const END_SIGNATURE = Bytes.of("}}");
const EMPTY = Bytes.of("{}");
export const NO_FINISH_REASON = Bytes.of(',"logprobs":null,"finish_reason":null}]}\n\n');
const ENDS_WITH = Bytes.of(',"logprobs":null,"finish_reason":');
const END_OF_CHOICE = Bytes.of("}]}\n\n");
const END_OF_EVENT = Bytes.of("\n\n");
const DONE = Bytes.of("data: [DONE]\n\n");

/** Writes an answer as OpenAI's `chat.completion.chunk` events. */
export class ChatStreamEncoder extends AnswerEncoder {
  private out: JsonWriter = new JsonWriter(1024);
  /** What every event begins with; empty before the start. */
  private head: Bytes = Bytes.empty();
  private tokens: TokenCounts | null = null;
  /** The signature of the call that begins next. */
  private nextSignature: Bytes = Bytes.empty();
  private index: i64 = 0;
  /** Of each call by its number: whether it has begun and has no arguments yet. */
  private bare: bool[] = [];
  private isFinished: bool = false;
  private isOver: bool = false;

  /** `wantsUsage`: whether the last event contains the usage. */
  constructor(private readonly wantsUsage: bool) {
    super();
  }

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    if (this.head.length > 0 || this.isOver) return;
    const head = new JsonWriter(128).piece(HEAD_ID);
    head.string(shortName(id)).piece(HEAD_CREATED);
    head.number(<i64>(created > 0 ? created : nowSeconds())).piece(HEAD_MODEL);
    this.head = head.string(shortName(model)).toBytes();
    this.delta().piece(ROLE).piece(NO_FINISH_REASON);
  }

  choice(index: i32, name: Bytes): void {
    if (this.ignoresInput) return;
    if (index > 0) {
      this.fillCalls();
      this.endChoice(STOP);
      this.index = index;
      this.delta().piece(ROLE).piece(NO_FINISH_REASON);
    }
    if (name.length > 0) {
      this.delta().piece(NAMED_ROLE).string(name).endObject().piece(NO_FINISH_REASON);
    }
  }

  text(piece: Bytes): void {
    this.writeText(CONTENT, piece);
  }

  /** A delta with one text. `open`: what it begins with. */
  private writeText(open: Bytes, piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0) return;
    this.delta().piece(open).string(piece).endObject().piece(NO_FINISH_REASON);
  }

  refusal(piece: Bytes): void {
    this.writeText(REFUSAL, piece);
  }

  reasoning(piece: Bytes): void {
    this.writeText(REASONING, piece);
  }

  signature(value: Bytes): void {
    this.writeText(SIGNATURE, value);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.ignoresInput) return;
    this.setBare(index, true);
    const signature = this.takeSignature();
    const out = this.delta().piece(TOOL_INDEX).number(index).piece(TOOL_ID);
    const own = signedCallId(id, signature);
    out.string(own).piece(TOOL_NAME).string(name).piece(NO_ARGUMENTS);
    // In the piece that names the function: the AI SDK looks for it there, and refuses pieces without one.
    if (signature.length > 0) out.piece(TOOL_SIGNATURE).string(signature).piece(END_SIGNATURE);
    out.piece(END_CALL).piece(NO_FINISH_REASON);
  }

  redacted(data: Bytes): void {
    if (this.ignoresInput || data.length == 0) return;
    this.delta().piece(REDACTED).string(data).piece(END_REDACTED).piece(NO_FINISH_REASON);
  }

  image(mediaType: Bytes, data: Bytes): void {
    if (this.ignoresInput) return;
    this.delta()
      .piece(IMAGE)
      .string(dataUrl(mediaType, data))
      .piece(END_IMAGE)
      .piece(NO_FINISH_REASON);
  }

  callSignature(value: Bytes): void {
    this.nextSignature = value.copy();
  }

  /** The signature of the call that begins. */
  protected takeSignature(): Bytes {
    const signature = this.nextSignature;
    this.nextSignature = Bytes.empty();
    return signature;
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0) return;
    this.setBare(index, false);
    const out = this.delta().piece(TOOL_INDEX).number(index).piece(ARGUMENTS);
    out.string(piece).piece(END_ARGUMENTS).piece(NO_FINISH_REASON);
  }

  usage(tokens: TokenCounts): void {
    this.tokens = tokens;
  }

  finish(reason: Bytes): void {
    if (this.ignoresInput || this.isFinished) return;
    this.isFinished = true;
    if (!reason.equals(LENGTH)) this.fillCalls();
    this.endChoice(reason);
  }

  fail(status: i32, code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.out.piece(DATA).piece(openAiError(status, code, message));
    this.out.piece(END_OF_EVENT).piece(DONE);
  }

  end(): void {
    if (this.isOver) return;
    if (this.head.length == 0) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    this.isOver = true;
    const tokens = this.tokens;
    if (this.wantsUsage && tokens !== null) {
      writeUsage(this.out.piece(this.head).piece(NO_CHOICE), tokens);
      this.out.endObject().piece(END_OF_EVENT);
    }
    this.out.piece(DONE);
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new JsonWriter(this.out.roomForNext);
    return bytes;
  }

  protected setBare(index: i32, value: bool): void {
    if (<u32>index >= <u32>MAX_CALLS) return;
    while (this.bare.length <= index) this.bare.push(false);
    this.bare[index] = value;
  }

  /** Gives calls without arguments an empty object, which clients parse; no text at all is no JSON. */
  private fillCalls(): void {
    const bare = this.bare;
    this.bare = [];
    for (let i = 0; i < bare.length; i++) {
      if (bare[i]) this.toolArguments(i, EMPTY);
    }
    this.bare = [];
  }

  private endChoice(reason: Bytes): void {
    this.delta().piece(EMPTY).piece(ENDS_WITH).string(reason).piece(END_OF_CHOICE);
  }

  /** Whether nothing is written: before the start and after the end. */
  protected get ignoresInput(): bool {
    return this.isOver || this.head.length == 0;
  }

  protected delta(): JsonWriter {
    return this.out.piece(this.head).piece(CHOICE).number(this.index).piece(DELTA);
  }
}

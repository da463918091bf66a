import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { writeString } from "../../json/writer";
import { AnswerEncoder, shortName, TokenCounts } from "../../chat/answer-sink";
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
const SPEAKER = Bytes.of('{"name":');
const STOP = Bytes.of("stop");
const NO_CHOICE = Bytes.of(',"choices":[],"usage":');
const ROLE = Bytes.of('{"role":"assistant","content":""}');
const CONTENT = Bytes.of('{"content":');
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
const GOES_ON = Bytes.of(',"logprobs":null,"finish_reason":null}]}\n\n');
const ENDS_WITH = Bytes.of(',"logprobs":null,"finish_reason":');
const END_OF_CHOICE = Bytes.of("}]}\n\n");
const END_OF_EVENT = Bytes.of("\n\n");
const DONE = Bytes.of("data: [DONE]\n\n");
const BRACE: u8 = 0x7d;

/** Writes an answer as OpenAI's `chat.completion.chunk` events. */
export class ChatStreamEncoder extends AnswerEncoder {
  private out: ByteWriter = new ByteWriter(1024);
  /** What every event begins with; empty before the start. */
  private head: Bytes = Bytes.empty();
  private tokens: TokenCounts | null = null;
  /** Under the call that begins next. */
  private nextSignature: Bytes = Bytes.empty();
  private index: u64 = 0;
  private isFinished: bool = false;
  private isOver: bool = false;

  /** `wantsUsage`: whether the last event tells the usage. */
  constructor(private readonly wantsUsage: bool) {
    super();
  }

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    if (this.head.length > 0 || this.isOver) return;
    const head = new ByteWriter(128).bytes(HEAD_ID);
    writeString(head, shortName(id)).bytes(HEAD_CREATED);
    head.decimal(created > 0 ? created : nowSeconds()).bytes(HEAD_MODEL);
    this.head = writeString(head, shortName(model)).toBytes();
    this.delta().bytes(ROLE).bytes(GOES_ON);
  }

  choice(index: i32, name: Bytes): void {
    if (this.isDeaf) return;
    if (index > 0) {
      this.endChoice(STOP);
      this.index = <u64>index;
      this.delta().bytes(ROLE).bytes(GOES_ON);
    }
    if (name.length > 0) {
      writeString(this.delta().bytes(SPEAKER), name).byte(BRACE).bytes(GOES_ON);
    }
  }

  text(piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    writeString(this.delta().bytes(CONTENT), piece).byte(BRACE).bytes(GOES_ON);
  }

  reasoning(piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    writeString(this.delta().bytes(REASONING), piece).byte(BRACE).bytes(GOES_ON);
  }

  signature(value: Bytes): void {
    if (this.isDeaf || value.length == 0) return;
    writeString(this.delta().bytes(SIGNATURE), value).byte(BRACE).bytes(GOES_ON);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.isDeaf) return;
    const signature = this.nextSignature;
    this.nextSignature = Bytes.empty();
    const out = this.delta()
      .bytes(TOOL_INDEX)
      .decimal(<u64>index)
      .bytes(TOOL_ID);
    const own = signedCallId(id, signature);
    writeString(writeString(out, own).bytes(TOOL_NAME), name).bytes(NO_ARGUMENTS);
    // In the piece that names the function: the AI SDK looks for it there, and refuses pieces without one.
    if (signature.length > 0) {
      writeString(out.bytes(TOOL_SIGNATURE), signature).bytes(END_SIGNATURE);
    }
    out.bytes(END_CALL).bytes(GOES_ON);
  }

  redacted(data: Bytes): void {
    if (this.isDeaf || data.length == 0) return;
    writeString(this.delta().bytes(REDACTED), data).bytes(END_REDACTED).bytes(GOES_ON);
  }

  image(mediaType: Bytes, data: Bytes): void {
    if (this.isDeaf) return;
    writeString(this.delta().bytes(IMAGE), dataUrl(mediaType, data))
      .bytes(END_IMAGE)
      .bytes(GOES_ON);
  }

  callSignature(value: Bytes): void {
    this.nextSignature = value.copy();
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    const out = this.delta()
      .bytes(TOOL_INDEX)
      .decimal(<u64>index)
      .bytes(ARGUMENTS);
    writeString(out, piece).bytes(END_ARGUMENTS).bytes(GOES_ON);
  }

  usage(tokens: TokenCounts): void {
    this.tokens = tokens;
  }

  finish(reason: Bytes): void {
    if (this.isDeaf || this.isFinished) return;
    this.isFinished = true;
    this.endChoice(reason);
  }

  fail(status: i32, code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.out.bytes(DATA).bytes(openAiError(status, code, message));
    this.out.bytes(END_OF_EVENT).bytes(DONE);
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
      writeUsage(this.out.bytes(this.head).bytes(NO_CHOICE), tokens);
      this.out.byte(BRACE).bytes(END_OF_EVENT);
    }
    this.out.bytes(DONE);
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(1024);
    return bytes;
  }

  private endChoice(reason: Bytes): void {
    writeString(this.delta().bytes(EMPTY).bytes(ENDS_WITH), reason).bytes(END_OF_CHOICE);
  }

  /** Whether nothing is written: before the start and after the end. */
  private get isDeaf(): bool {
    return this.isOver || this.head.length == 0;
  }

  private delta(): ByteWriter {
    return this.out.bytes(this.head).bytes(CHOICE).decimal(this.index).bytes(DELTA);
  }
}

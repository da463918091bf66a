import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonEnd } from "../../json/json-end";
import { JsonWriter } from "../../json/writer";
import { Signer, signedBy } from "../../chat/signature";
import { AnswerEncoder, MAX_CALLS, MAX_KEPT, TokenCounts } from "../../chat/answer-sink";
import { endOf, writeStop, writeUsage } from "./usage";
import { anthropicError } from "./error";
import { messageId } from "./message-id";
import * as literals from "./literals";

const START_ID = Bytes.of('event: message_start\ndata: {"type":"message_start","message":{"id":');
const START_MODEL = Bytes.of(',"type":"message","role":"assistant","model":');
const START_USAGE = Bytes.of(
  ',"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":',
);
const START_END = Bytes.of(
  ',"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}\n\n' +
    'event: ping\ndata: {"type":"ping"}\n\n',
);
const REDACTED_BLOCK = Bytes.of(',"content_block":{"type":"redacted_thinking","data":');
const TEXT_BLOCK = Bytes.of(',"content_block":{"type":"text","text":""}}\n\n');
const THINKING_BLOCK = Bytes.of(
  ',"content_block":{"type":"thinking","thinking":"","signature":""}}\n\n',
);
const TOOL_ID = Bytes.of(',"content_block":{"type":"tool_use","id":');
const TOOL_NAME = Bytes.of(',"name":');
const TOOL_END = Bytes.of(',"input":{}}}\n\n');
const TEXT_DELTA = Bytes.of(',"delta":{"type":"text_delta","text":');
const THINKING_DELTA = Bytes.of(',"delta":{"type":"thinking_delta","thinking":');
const SIGNATURE_DELTA = Bytes.of(',"delta":{"type":"signature_delta","signature":');
const JSON_DELTA = Bytes.of(',"delta":{"type":"input_json_delta","partial_json":');
const MESSAGE_USAGE = Bytes.of('},"usage":');
const ERROR = Bytes.of("event: error\ndata: ");
const LATE_ARGUMENTS = "received arguments for a call that had ended";
const BLANK_LINE = Bytes.of("\n\n");

/** The open block. */
enum Block {
  None,
  Thinking,
  Text,
  Tool,
}

/** A tool call. Its arguments are buffered while another block is open. */
class StreamedCall {
  arguments: ByteWriter = new ByteWriter(16);
  readonly end: JsonEnd = new JsonEnd();
  /** Whether its block has been started. */
  isOpened: bool = false;

  constructor(
    readonly id: Bytes,
    readonly name: Bytes,
    /** Google's; empty for none. */
    readonly signature: Bytes,
  ) {}
}

/**
 * Writes an answer as Anthropic's events: one block is open at a time, each has its own number, and each is
 * closed.
 */
export class MessagesStreamEncoder extends AnswerEncoder {
  private out: JsonWriter = new JsonWriter(1024);
  private isStarted: bool = false;
  private isOver: bool = false;
  private open: Block = Block.None;
  private nextBlock: i32 = 0;
  private tokens: TokenCounts = new TokenCounts();
  private reason: Bytes = Bytes.empty();
  private isRefused: bool = false;
  private sequence: Bytes = Bytes.empty();
  private readonly calls: Map<i32, StreamedCall> = new Map();
  /** In the order of their start; those before `nextCall` have been written. */
  private readonly order: StreamedCall[] = [];
  private nextCall: i32 = 0;
  /** The call whose block is open. */
  private current: StreamedCall | null = null;
  /** Text between the pieces of a call, which is written after it. */
  private late: ByteWriter = new ByteWriter(16);
  /** The signature of the call that begins next. */
  private nextSignature: Bytes = Bytes.empty();
  /** Bytes buffered. */
  private kept: i32 = 0;

  /** `promptTokens`: what the beginning says of the prompt, because vendors count it at the end. */
  constructor(private readonly promptTokens: i64) {
    super();
  }

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    if (this.isStarted || this.isOver) return;
    this.isStarted = true;
    this.out.piece(START_ID).string(messageId(id)).piece(START_MODEL);
    this.out.string(model).piece(START_USAGE).number(this.promptTokens).piece(START_END);
  }

  text(piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0) return;
    if (this.open == Block.Tool) {
      if (this.keep(piece.length)) this.late.bytes(piece);
      return;
    }
    this.openBlock(Block.Text, TEXT_BLOCK);
    this.delta(TEXT_DELTA, piece);
  }

  refusal(piece: Bytes): void {
    this.isRefused = true;
    this.text(piece);
  }

  reasoning(piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0 || this.open == Block.Tool) return;
    this.openBlock(Block.Thinking, THINKING_BLOCK);
    this.delta(THINKING_DELTA, piece);
  }

  signature(value: Bytes): void {
    if (this.ignoresInput || value.length == 0 || this.open == Block.Tool) return;
    this.openBlock(Block.Thinking, THINKING_BLOCK);
    this.delta(SIGNATURE_DELTA, value);
    this.endBlock();
  }

  redacted(data: Bytes): void {
    if (this.ignoresInput || data.length == 0 || this.open == Block.Tool) return;
    this.endBlock();
    this.open = Block.Thinking;
    const out = this.out.piece(literals.BLOCK_START).number(this.nextBlock);
    out.piece(REDACTED_BLOCK).string(data).piece(literals.END_OF_DELTA);
    this.endBlock();
  }

  callSignature(value: Bytes): void {
    this.nextSignature = value.copy();
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.ignoresInput || this.calls.has(index) || this.calls.size >= MAX_CALLS) return;
    if (!this.keep(id.length + name.length)) return;
    const call = new StreamedCall(id.copy(), name.copy(), this.nextSignature);
    this.nextSignature = Bytes.empty();
    this.calls.set(index, call);
    this.order.push(call);
    if (this.open != Block.Tool) this.openCall(call);
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0 || !this.calls.has(index)) return;
    const call = this.calls.get(index);
    if (call.isOpened && call !== this.current) {
      // A closed block cannot be continued, and half of the arguments are worse than none.
      if (piece.trim().length > 0) this.fail(502, "upstream_incomplete", LATE_ARGUMENTS);
      return;
    }
    call.end.push(piece);
    if (!call.isOpened) {
      if (this.keep(piece.length)) call.arguments.bytes(piece);
      return;
    }
    this.delta(JSON_DELTA, piece);
    if (call.end.isReached) this.endCall(false);
  }

  /** Makes room for `size` bytes that wait; false when it is too much, and then the answer has failed. */
  private keep(size: i32): bool {
    this.kept += size;
    if (this.kept <= MAX_KEPT) return true;
    this.fail(502, "upstream_incomplete", "the answer is too large");
    return false;
  }

  held(): i32 {
    return this.kept;
  }

  usage(tokens: TokenCounts): void {
    this.tokens = tokens;
  }

  stopSequence(value: Bytes): void {
    this.sequence = value.copy();
  }

  finish(reason: Bytes): void {
    if (this.ignoresInput || this.reason.length > 0) return;
    this.reason = endOf(reason, this.isRefused).copy();
    this.closeBlock();
  }

  fail(status: i32, code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.kept = 0;
    this.out.piece(ERROR).piece(anthropicError(status, code, message));
    this.out.piece(BLANK_LINE);
  }

  end(): void {
    if (this.isOver) return;
    if (!this.isStarted) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    this.closeBlock();
    this.isOver = true;
    this.out.piece(literals.MESSAGE_DELTA);
    writeStop(this.out, this.reason, this.calls.size > 0, this.sequence);
    this.out.piece(MESSAGE_USAGE);
    writeUsage(this.out, this.tokens).bytes(literals.END_OF_EVENT).bytes(literals.MESSAGE_STOP);
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new JsonWriter(this.out.roomForNext);
    return bytes;
  }

  private get ignoresInput(): bool {
    return this.isOver || !this.isStarted;
  }

  private openBlock(block: Block, form: Bytes): void {
    if (this.open == block) return;
    this.endBlock();
    this.open = block;
    this.out.piece(literals.BLOCK_START).number(this.nextBlock).piece(form);
  }

  private openCall(call: StreamedCall): void {
    this.endBlock();
    if (call.signature.length > 0) {
      this.openBlock(Block.Thinking, THINKING_BLOCK);
      this.delta(SIGNATURE_DELTA, signedBy(Signer.Google, call.signature));
      this.endBlock();
    }
    call.isOpened = true;
    this.current = call;
    this.nextCall++;
    this.open = Block.Tool;
    this.out.piece(literals.BLOCK_START).number(this.nextBlock).piece(TOOL_ID);
    this.out.string(call.id).piece(TOOL_NAME).string(call.name).piece(TOOL_END);
    if (call.arguments.length == 0) return;
    this.delta(JSON_DELTA, call.arguments.toBytes());
    call.arguments = new ByteWriter(16);
  }

  private delta(form: Bytes, piece: Bytes): void {
    this.out.piece(literals.DELTA).number(this.nextBlock).piece(form);
    this.out.string(piece).piece(literals.END_OF_DELTA);
  }

  /** Ends the open block, and writes all that waits. */
  private closeBlock(): void {
    if (this.open == Block.Tool) this.endCall(true);
    else this.endBlock();
  }

  /** Ends the open call's block, and writes what has waited for that. `isLast`: no arguments come any more. */
  private endCall(isLast: bool): void {
    this.endBlock();
    while (this.nextCall < this.order.length) {
      const call = this.order[this.nextCall];
      this.openCall(call);
      if (!call.end.isReached && !isLast) return;
      this.endBlock();
    }
    this.kept = 0;
    if (this.late.length == 0) return;
    const text = this.late.toBytes();
    this.late = new ByteWriter(16);
    this.openBlock(Block.Text, TEXT_BLOCK);
    this.delta(TEXT_DELTA, text);
    if (isLast) this.endBlock();
  }

  private endBlock(): void {
    if (this.open == Block.None) return;
    this.open = Block.None;
    this.current = null;
    this.out.piece(literals.BLOCK_STOP).number(this.nextBlock).piece(literals.END_OF_EVENT);
    this.nextBlock++;
  }
}

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { writeString } from "../../json/writer";
import { AnswerEncoder, MAX_CALLS, MAX_KEPT, TokenCounts } from "../../chat/answer-sink";
import { stopReasonOf, writeUsage } from "./usage";
import { anthropicError } from "./error";
import { messageId } from "./message-id";
import * as words from "./words";

const START_ID = Bytes.of('event: message_start\ndata: {"type":"message_start","message":{"id":');
const START_MODEL = Bytes.of(',"type":"message","role":"assistant","model":');
const START_END = Bytes.of(
  ',"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}}\n\n' +
    'event: ping\ndata: {"type":"ping"}\n\n',
);
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
const MESSAGE_USAGE = Bytes.of(',"stop_sequence":null},"usage":');
const ERROR = Bytes.of("event: error\ndata: ");
const LATE_ARGUMENTS = "arguments came for a call that had ended";
const BLANK_LINE = Bytes.of("\n\n");

/** The block that is open. */
enum Block {
  None,
  Thinking,
  Text,
  Tool,
}

/** A call whose block cannot be opened yet, because another is open. */
class WaitingCall {
  readonly arguments: ByteWriter = new ByteWriter(64);

  constructor(
    readonly index: i32,
    readonly id: Bytes,
    readonly name: Bytes,
  ) {}
}

/**
 * Writes an answer as Anthropic's events: one block is open at a time, each has a number of its own,
 * and each that begins ends.
 */
export class MessagesStreamEncoder extends AnswerEncoder {
  private out: ByteWriter = new ByteWriter(1024);
  private isStarted: bool = false;
  private isOver: bool = false;
  private open: Block = Block.None;
  private openTool: i32 = -1;
  private nextBlock: i32 = 0;
  private tokens: TokenCounts = new TokenCounts();
  private reason: Bytes = Bytes.empty();
  private readonly waiting: WaitingCall[] = [];
  /** Bytes of the calls that wait. */
  private kept: i32 = 0;
  private seen: Set<i32> = new Set();

  protected begin(id: Bytes, model: Bytes, created: u64): void {
    if (this.isStarted || this.isOver) return;
    this.isStarted = true;
    writeString(this.out.bytes(START_ID), messageId(id)).bytes(START_MODEL);
    writeString(this.out, model).bytes(START_END);
  }

  text(piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    this.openBlock(Block.Text, TEXT_BLOCK);
    this.delta(TEXT_DELTA, piece);
  }

  reasoning(piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    this.openBlock(Block.Thinking, THINKING_BLOCK);
    this.delta(THINKING_DELTA, piece);
  }

  signature(value: Bytes): void {
    if (this.isDeaf || value.length == 0) return;
    this.openBlock(Block.Thinking, THINKING_BLOCK);
    this.delta(SIGNATURE_DELTA, value);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (this.isDeaf || this.seen.has(index) || this.seen.size >= MAX_CALLS) return;
    this.seen.add(index);
    if (this.open != Block.Tool) return this.openCall(index, id, name);
    if (!this.keep(id.length + name.length)) return;
    this.waiting.push(new WaitingCall(index, id.copy(), name.copy()));
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.isDeaf || piece.length == 0) return;
    if (this.open == Block.Tool && this.openTool == index) {
      this.delta(JSON_DELTA, piece);
      return;
    }
    for (let i = 0; i < this.waiting.length; i++) {
      if (this.waiting[i].index != index) continue;
      if (this.keep(piece.length)) this.waiting[i].arguments.bytes(piece);
      return;
    }
    // A block that has ended cannot be gone on with, and half of the arguments are worse than none.
    if (this.seen.has(index)) this.fail(502, "upstream_incomplete", LATE_ARGUMENTS);
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

  finish(reason: Bytes): void {
    if (this.isDeaf || this.reason.length > 0) return;
    this.reason = reason.copy();
    this.closeBlock();
  }

  fail(status: i32, _code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failedWith = status;
    this.forget();
    this.out.bytes(ERROR).bytes(anthropicError(status, message));
    this.out.bytes(BLANK_LINE);
  }

  end(): void {
    if (this.isOver) return;
    if (!this.isStarted) {
      this.fail(502, "upstream_incomplete", "the answer has no beginning");
      return;
    }
    this.closeBlock();
    this.isOver = true;
    writeString(this.out.bytes(words.MESSAGE_DELTA), stopReasonOf(this.reason)).bytes(
      MESSAGE_USAGE,
    );
    writeUsage(this.out, this.tokens).bytes(words.END_OF_EVENT).bytes(words.MESSAGE_STOP);
  }

  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(1024);
    return bytes;
  }

  private get isDeaf(): bool {
    return this.isOver || !this.isStarted;
  }

  private openBlock(block: Block, form: Bytes): void {
    if (this.open == block) return;
    this.closeBlock();
    this.open = block;
    this.out
      .bytes(words.BLOCK_START)
      .decimal(<u64>this.nextBlock)
      .bytes(form);
  }

  private openCall(index: i32, id: Bytes, name: Bytes): void {
    this.endBlock();
    this.open = Block.Tool;
    this.openTool = index;
    this.out
      .bytes(words.BLOCK_START)
      .decimal(<u64>this.nextBlock)
      .bytes(TOOL_ID);
    writeString(writeString(this.out, id).bytes(TOOL_NAME), name).bytes(TOOL_END);
  }

  private delta(form: Bytes, piece: Bytes): void {
    this.out
      .bytes(words.DELTA)
      .decimal(<u64>this.nextBlock)
      .bytes(form);
    writeString(this.out, piece).bytes(words.END_OF_DELTA);
  }

  /** Ends the open block, and writes the calls that have waited for that. */
  private closeBlock(): void {
    this.endBlock();
    for (let i = 0; i < this.waiting.length; i++) {
      const call = this.waiting[i];
      this.openCall(call.index, call.id, call.name);
      if (call.arguments.length > 0) this.delta(JSON_DELTA, call.arguments.toBytes());
      this.endBlock();
    }
    this.forget();
  }

  /** Nothing waits any more. */
  private forget(): void {
    this.waiting.length = 0;
    this.kept = 0;
  }

  private endBlock(): void {
    if (this.open == Block.None) return;
    this.open = Block.None;
    this.out
      .bytes(words.BLOCK_STOP)
      .decimal(<u64>this.nextBlock)
      .bytes(words.END_OF_EVENT);
    this.nextBlock++;
  }
}

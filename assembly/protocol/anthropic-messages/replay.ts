import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { writeOthers } from "../../json/keys";
import { writeCompact, writeString } from "../../json/writer";
import { pieceEnd } from "../../chat/pieces";
import { MessagesAnswer } from "./answer";
import * as words from "./words";
import * as names from "../../chat/names";

const MESSAGE_START = Bytes.of('event: message_start\ndata: {"type":"message_start","message":{');
const EMPTY_MESSAGE = Bytes.of('"content":[],"stop_reason":null,"stop_sequence":null,"usage":');
const PING = Bytes.of('}}\n\nevent: ping\ndata: {"type":"ping"}\n\n');
const BLOCK = Bytes.of(',"content_block":');
const TEXT_DELTA = Bytes.of(',"delta":{"type":"text_delta","text":"');
const THINKING_DELTA = Bytes.of(',"delta":{"type":"thinking_delta","thinking":"');
const SIGNATURE_DELTA = Bytes.of(',"delta":{"type":"signature_delta","signature":"');
const INPUT_DELTA = Bytes.of(',"delta":{"type":"input_json_delta","partial_json":');
const END_OF_TEXT = Bytes.of('"}}\n\n');
const DELTA_SEQUENCE = Bytes.of(',"stop_sequence":');
const DELTA_USAGE = Bytes.of('},"usage":');
const EMPTY_TEXT = Bytes.of('{"type":"text","text":""}');
const EMPTY_THINKING = Bytes.of('{"type":"thinking","thinking":"","signature":""}');
const TOOL_ID = Bytes.of('{"type":"tool_use","id":');
const TOOL_NAME = Bytes.of(',"name":');
const TOOL_INPUT = Bytes.of(',"input":{}}');
const NO_USAGE = Bytes.of('{"input_tokens":0,"output_tokens":0}');

/** Members of a message that its events tell apart from the rest. */
const OWN: Bytes[] = [names.CONTENT, words.STOP_REASON, words.STOP_SEQUENCE, names.USAGE];

/**
 * Writes a complete Anthropic message as the stream of events that a client expects. Values are
 * copied as they are written in the message.
 */
export class MessagesReplay {
  private readonly out: ByteWriter;
  private readonly document: JsonDocument;

  private constructor(answer: MessagesAnswer) {
    this.document = answer.document;
    this.out = new ByteWriter(answer.document.source.length * 4 + 1024);
  }

  /**
   * The bytes of the stream; null when a block cannot be streamed without losing something. `answer`
   * is one without fault.
   */
  static write(answer: MessagesAnswer): Bytes | null {
    const stream = new MessagesReplay(answer);
    stream.writeStart();
    const document = answer.document;
    for (
      let block = document.first(answer.content), i = 0;
      block >= 0;
      block = document.after(block), i++
    ) {
      if (!stream.writeBlock(block, i)) return null;
    }
    stream.writeEnd();
    return stream.out.toBytes();
  }

  private writeStart(): void {
    const document = this.document;
    this.out.bytes(MESSAGE_START);
    writeOthers(document, 0, OWN, this.out);
    writeCompact(this.out.bytes(EMPTY_MESSAGE), this.usage).bytes(PING);
  }

  private get usage(): Bytes {
    const document = this.document;
    const usage = document.member(0, names.USAGE);
    return document.kind(usage) == Kind.Object ? document.raw(usage) : NO_USAGE;
  }

  /** False for a block of which not everything can be told by deltas. */
  private writeBlock(block: i32, index: i32): bool {
    const document = this.document;
    const type = document.text(document.member(block, names.TYPE));
    if (type.equals(names.TEXT)) {
      const citations = document.member(block, words.CITATIONS);
      if (document.size(citations) > 0) return false;
      this.begin(index).bytes(EMPTY_TEXT).bytes(words.END_OF_EVENT);
      this.writeText(document.member(block, names.TEXT), index, TEXT_DELTA);
    } else if (type.equals(words.THINKING)) {
      this.begin(index).bytes(EMPTY_THINKING).bytes(words.END_OF_EVENT);
      this.writeText(document.member(block, words.THINKING), index, THINKING_DELTA);
      this.writeText(document.member(block, words.SIGNATURE), index, SIGNATURE_DELTA);
    } else if (type.equals(words.TOOL_USE)) {
      const out = this.begin(index).bytes(TOOL_ID);
      writeString(out, document.text(document.member(block, names.ID))).bytes(TOOL_NAME);
      writeString(out, document.text(document.member(block, names.NAME))).bytes(TOOL_INPUT);
      out.bytes(words.END_OF_EVENT);
      const input = writeCompact(
        new ByteWriter(64),
        document.raw(document.member(block, words.INPUT)),
      );
      this.delta(index).bytes(INPUT_DELTA);
      writeString(this.out, input.toBytes()).bytes(words.END_OF_DELTA);
    } else if (type.equals(words.REDACTED)) {
      writeCompact(this.begin(index), document.raw(block)).bytes(words.END_OF_EVENT);
    } else return false;
    this.out
      .bytes(words.BLOCK_STOP)
      .decimal(<u64>index)
      .bytes(words.END_OF_EVENT);
    return true;
  }

  private begin(index: i32): ByteWriter {
    return this.out
      .bytes(words.BLOCK_START)
      .decimal(<u64>index)
      .bytes(BLOCK);
  }

  private delta(index: i32): ByteWriter {
    return this.out.bytes(words.DELTA).decimal(<u64>index);
  }

  /** A text in pieces, in its escaped form; a signature is one piece. */
  private writeText(node: i32, index: i32, form: Bytes): void {
    const document = this.document;
    if (document.kind(node) != Kind.String) return;
    const text = document.source.slice(document.start(node), document.end(node));
    const isWhole = form === SIGNATURE_DELTA;
    let from = 0;
    while (from < text.length) {
      const to = isWhole ? text.length : pieceEnd(text, from);
      this.delta(index).bytes(form).bytes(text.slice(from, to)).bytes(END_OF_TEXT);
      from = to;
    }
  }

  private writeEnd(): void {
    const document = this.document;
    this.out.bytes(words.MESSAGE_DELTA).bytes(document.raw(document.member(0, words.STOP_REASON)));
    const sequence = document.member(0, words.STOP_SEQUENCE);
    this.out.bytes(DELTA_SEQUENCE).bytes(sequence < 0 ? words.NULL : document.raw(sequence));
    writeCompact(this.out.bytes(DELTA_USAGE), this.usage).bytes(words.END_OF_EVENT);
    this.out.bytes(words.MESSAGE_STOP);
  }
}

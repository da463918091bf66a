import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { writeOthers } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { pieceEnd } from "../../chat/pieces";
import { MessagesAnswer } from "./answer";
import { BlockForm, formOf } from "./block-form";
import * as literals from "./literals";
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
const CITATIONS_DELTA = Bytes.of(',"delta":{"type":"citations_delta","citation":');
const EMPTY_TEXT = Bytes.of('""');
const EMPTY_LIST = Bytes.of("[]");
const EMPTY_INPUT = Bytes.of("{}");
const NO_USAGE = Bytes.of('{"input_tokens":0,"output_tokens":0}');

/** Members of a message that have events of their own. */
const OWN: Bytes[] = [
  names.CONTENT,
  literals.STOP_REASON,
  literals.STOP_SEQUENCE,
  names.USAGE,
].concat(literals.AT_END);

/**
 * Writes a complete Anthropic message as the stream of events that a client expects. Values are copied
 * verbatim.
 */
export class MessagesReplay {
  private readonly out: JsonWriter;
  private readonly document: JsonDocument;

  private constructor(answer: MessagesAnswer) {
    this.document = answer.document;
    this.out = new JsonWriter(answer.document.source.length * 4 + 1024);
  }

  /** The bytes of the stream. `answer` must have no fault. */
  static write(answer: MessagesAnswer): Bytes {
    const stream = new MessagesReplay(answer);
    stream.writeStart();
    const document = answer.document;
    for (
      let block = document.first(answer.content), i = 0;
      block >= 0;
      block = document.after(block), i++
    ) {
      stream.writeBlock(block, i);
    }
    stream.writeEnd();
    return stream.out.toBytes();
  }

  private writeStart(): void {
    const document = this.document;
    this.out.bytes(MESSAGE_START);
    writeOthers(document, 0, OWN, this.out);
    this.out.raw(EMPTY_MESSAGE).compact(this.usage).bytes(PING);
  }

  private get usage(): Bytes {
    const document = this.document;
    const usage = document.member(0, names.USAGE);
    return document.kind(usage) == Kind.Object ? document.raw(usage) : NO_USAGE;
  }

  private writeBlock(block: i32, index: i32): void {
    const document = this.document;
    const form = formOf(document.text(document.member(block, names.TYPE)));
    const cited = form.isText ? document.member(block, literals.CITATIONS) : -1;
    this.writeBeginning(block, form, index);
    if (form.isText) this.writeText(document.member(block, names.TEXT), index, TEXT_DELTA);
    if (form.isThought) {
      this.writeText(document.member(block, literals.THINKING), index, THINKING_DELTA);
      this.writeText(document.member(block, literals.SIGNATURE), index, SIGNATURE_DELTA);
    }
    if (form.isCall) {
      const input = document.raw(document.member(block, literals.INPUT));
      this.delta(index).bytes(INPUT_DELTA);
      this.out.string(new JsonWriter(64).compact(input).toBytes()).bytes(literals.END_OF_DELTA);
    }
    for (
      let citation = document.firstItem(cited);
      citation >= 0;
      citation = document.after(citation)
    ) {
      this.delta(index).bytes(CITATIONS_DELTA);
      this.out.compact(document.raw(citation)).bytes(literals.END_OF_DELTA);
    }
    this.out.piece(literals.BLOCK_STOP).number(index).bytes(literals.END_OF_EVENT);
  }

  /** The block without what its deltas contain. */
  private writeBeginning(block: i32, form: BlockForm, index: i32): void {
    const document = this.document;
    const out = this.begin(index).object();
    for (let key = document.first(block); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      out.key(document.content(key));
      const isText =
        document.kind(value) == Kind.String &&
        ((form.text.length > 0 && document.keyEquals(key, form.text)) ||
          (form.isThought && document.keyEquals(key, literals.SIGNATURE)));
      const isList = form.isText && document.keyEquals(key, literals.CITATIONS);
      if (isText) out.raw(EMPTY_TEXT);
      else if (form.isCall && document.keyEquals(key, literals.INPUT)) out.raw(EMPTY_INPUT);
      else if (isList && document.size(value) > 0) out.raw(EMPTY_LIST);
      else out.compact(document.raw(value));
    }
    out.endObject().bytes(literals.END_OF_EVENT);
  }

  private begin(index: i32): JsonWriter {
    return this.out.piece(literals.BLOCK_START).number(index).piece(BLOCK);
  }

  private delta(index: i32): JsonWriter {
    return this.out.piece(literals.DELTA).number(index);
  }

  /** A text in pieces, still escaped; a signature is one piece. */
  private writeText(node: i32, index: i32, form: Bytes): void {
    const document = this.document;
    if (document.kind(node) != Kind.String) return;
    const text = document.content(node);
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
    this.out
      .bytes(literals.MESSAGE_DELTA)
      .bytes(document.raw(document.member(0, literals.STOP_REASON)));
    const sequence = document.member(0, literals.STOP_SEQUENCE);
    this.out.bytes(DELTA_SEQUENCE).bytes(sequence < 0 ? literals.NULL : document.raw(sequence));
    for (let i = 0; i < literals.AT_END.length; i++) {
      if (literals.AT_END[i] !== literals.CONTEXT_MANAGEMENT) this.writeMember(literals.AT_END[i]);
    }
    this.out.endObject();
    this.writeMember(literals.CONTEXT_MANAGEMENT);
    this.out.key(names.USAGE).compact(this.usage).bytes(literals.END_OF_EVENT);
    this.out.bytes(literals.MESSAGE_STOP);
  }

  /** A member of the message, if there is one. */
  private writeMember(name: Bytes): void {
    const node = this.document.member(0, name);
    if (node >= 0) this.out.key(name).compact(this.document.raw(node));
  }
}

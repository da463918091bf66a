/** Answers to requests with custom tools, whose calls hold a text in the place of JSON (OpenAI's API reference). */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { MAX_KEPT } from "../../chat/answer-sink";
import { AnswerPart } from "../../chat/encode/whole-encoder";
import * as names from "../../chat/names";
import { signedCallId } from "../../chat/signed-call-id";
import { textIn } from "../../chat/text-tool";
import { JsonWriter } from "../../json/writer";
import { TextMap } from "../../text/text-map";
import { ChatStreamEncoder, NO_FINISH_REASON } from "./stream-encoder";
import { ChatWholeEncoder } from "./whole-encoder";

const INPUT = Bytes.of("input");

/** A call of a custom tool that is being streamed; its text is known at its end alone. */
class HeldCall {
  readonly json: ByteWriter = new ByteWriter(64);

  constructor(
    readonly index: i32,
    readonly id: Bytes,
    readonly name: Bytes,
  ) {}
}

/** Writes a call's members. */
function writeCustom(out: JsonWriter, id: Bytes, name: Bytes, json: Bytes): void {
  out.key(names.ID).string(id).key(names.TYPE).string(names.CUSTOM).key(names.CUSTOM);
  out.object().key(names.NAME).string(name).key(INPUT).string(textIn(json)).endObject();
}

/** Writes an answer as `chat.completion.chunk` events in which calls of custom tools come in one piece. */
export class CustomStreamEncoder extends ChatStreamEncoder {
  private readonly calls: Map<i32, HeldCall> = new Map();
  private kept: i32 = 0;

  /** `tools`: the names of the custom ones. */
  constructor(
    wantsUsage: bool,
    private readonly tools: TextMap<bool>,
  ) {
    super(wantsUsage);
  }

  held(): i32 {
    return this.kept;
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    if (!this.tools.has(name)) return super.toolStart(index, id, name);
    if (this.ignoresInput) return;
    const own = signedCallId(id, this.takeSignature());
    if (this.keep(own.length + name.length)) {
      this.calls.set(index, new HeldCall(index, own.copy(), name.copy()));
    }
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (!this.calls.has(index)) return super.toolArguments(index, piece);
    if (this.keep(piece.length)) this.calls.get(index).json.bytes(piece);
  }

  finish(reason: Bytes): void {
    this.tell();
    super.finish(reason);
  }

  private keep(size: i32): bool {
    this.kept += size;
    if (this.kept <= MAX_KEPT) return true;
    this.fail(502, "upstream_incomplete", "the answer is too large");
    return false;
  }

  private tell(): void {
    const calls = this.calls.values();
    this.calls.clear();
    this.kept = 0;
    for (let i = 0; i < calls.length && !this.ignoresInput; i++) {
      const call = calls[i];
      const out = this.delta().object().key(names.TOOL_CALLS).array().object();
      out.key(names.INDEX).number(call.index);
      writeCustom(out, call.id, call.name, call.json.toBytes());
      out.endObject().endArray().endObject().piece(NO_FINISH_REASON);
    }
  }
}

/** Writes an answer as a `chat.completion` with calls of custom tools. */
export class CustomWholeEncoder extends ChatWholeEncoder {
  /** `tools`: the names of the custom ones. */
  constructor(private readonly tools: TextMap<bool>) {
    super();
  }

  protected writeCall(call: AnswerPart, out: JsonWriter): void {
    if (!this.tools.has(call.name)) return super.writeCall(call, out);
    writeCustom(
      out.object(),
      signedCallId(call.id, call.signature),
      call.name,
      call.text.toBytes(),
    );
    out.endObject();
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { JsonWriter } from "../../json/writer";
import { openAiError } from "../../chat/error-body";
import * as names from "../../chat/names";
import { writeToolCall } from "../../chat/request-parts";
import { AnswerPart, PartKind, WholeEncoder } from "../../chat/encode/whole-encoder";
import { dataUrl } from "../../http/data-url";
import { writeUsage } from "./usage";
import { signedCallId } from "../../chat/signed-call-id";

const COMPLETION = Bytes.of("chat.completion");
const NULL = Bytes.of("null");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const IMAGES = Bytes.of("images");
const IMAGE_URL = Bytes.of("image_url");
const URL = Bytes.of("url");
const REDACTED = Bytes.of("redacted_thinking");
const DATA = Bytes.of("data");

/** Writes an answer as OpenAI's `chat.completion`. */
export class ChatWholeEncoder extends WholeEncoder {
  protected write(): Bytes {
    const out = new JsonWriter(1024).object();
    out.key(names.ID).string(this.id);
    out.key(names.OBJECT).string(COMPLETION);
    out.key(names.CREATED).number(this.created > 0 ? <i64>this.created : <i64>nowSeconds());
    out.key(names.MODEL).string(this.model);
    out.key(names.CHOICES).array();
    for (let i = 0; i < this.previous.length; i++) this.writeChoice(i, this.previous[i], out);
    this.writeChoice(this.previous.length, null, out);
    out.endArray().key(names.USAGE).raw(Bytes.empty());
    writeUsage(out, this.tokens);
    return out.endObject().toBytes();
  }

  protected writeError(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }

  refusal(piece: Bytes): void {
    this.last(PartKind.Refusal).text.bytes(piece);
  }

  /** Texts of completed choices. */
  private readonly previous: Bytes[] = [];
  /** Speakers, by the index of the choice. */
  private readonly speakers: Bytes[] = [];

  choice(index: i32, name: Bytes): void {
    if (index > 0) this.previous.push(this.joined(PartKind.Text));
    this.parts.length = 0;
    this.speakers.push(name.copy());
  }

  /** `text`: of a choice that has nothing else; null for the last one. */
  private writeChoice(index: i32, text: Bytes | null, out: JsonWriter): void {
    out.object().key(names.INDEX).number(index).key(names.MESSAGE);
    out.object().key(names.ROLE).string(names.ASSISTANT);
    const speaker = index < this.speakers.length ? this.speakers[index] : Bytes.empty();
    if (speaker.length > 0) out.key(names.NAME).string(speaker);
    if (text !== null) out.key(names.CONTENT).string(text).endObject();
    else this.writeMessage(out);
    out.key(names.LOGPROBS).raw(NULL);
    out.key(names.FINISH_REASON).string(this.reason.length > 0 ? this.reason : names.STOP);
    out.endObject();
  }

  private readonly images: Bytes[] = [];

  image(mediaType: Bytes, data: Bytes): void {
    this.images.push(dataUrl(mediaType, data));
  }

  private writeImages(out: JsonWriter): void {
    if (this.images.length == 0) return;
    out.key(IMAGES).array();
    for (let i = 0; i < this.images.length; i++) {
      out.object().key(names.INDEX).number(i).key(names.TYPE).string(IMAGE_URL);
      out.key(IMAGE_URL).object().key(URL).string(this.images[i]).endObject().endObject();
    }
    out.endArray();
  }

  private writeMessage(out: JsonWriter): void {
    out.key(names.CONTENT);
    const text = this.joined(PartKind.Text);
    const refusal = this.joined(PartKind.Refusal);
    if (text.length == 0 && (this.hasCalls || refusal.length > 0)) out.raw(NULL);
    else out.string(text);
    if (refusal.length > 0) out.key(names.REFUSAL).string(refusal);
    const thoughts = this.joined(PartKind.Thought);
    if (thoughts.length > 0) out.key(names.REASONING_CONTENT).string(thoughts);
    this.writeThoughts(out);
    this.writeImages(out);
    this.writeCalls(out);
    out.endObject();
  }

  /** The vendor's signatures, which it wants back. */
  private writeThoughts(out: JsonWriter): void {
    let written = 0;
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i];
      const isSigned = part.kind == PartKind.Thought && part.signature.length > 0;
      if (!isSigned && part.kind != PartKind.Redacted) continue;
      if (written++ == 0) out.key(THINKING_BLOCKS).array();
      out.object().key(names.TYPE);
      if (isSigned) {
        out.string(THINKING).key(THINKING).string(part.text.toBytes());
        out.key(SIGNATURE).string(part.signature);
      } else out.string(REDACTED).key(DATA).string(part.text.toBytes());
      out.endObject();
    }
    if (written > 0) out.endArray();
  }

  protected writeCalls(out: JsonWriter): void {
    if (!this.hasCalls) return;
    out.key(names.TOOL_CALLS).array();
    for (let i = 0; i < this.parts.length; i++) {
      if (this.parts[i].kind == PartKind.Call) this.writeCall(this.parts[i], out);
    }
    out.endArray();
  }

  protected writeCall(call: AnswerPart, out: JsonWriter): void {
    const json = call.text.length > 0 ? call.text.toBytes() : EMPTY_ARGUMENTS;
    writeToolCall(out, signedCallId(call.id, call.signature), call.name, json, call.signature);
  }
}

export const EMPTY_ARGUMENTS = Bytes.of("{}");

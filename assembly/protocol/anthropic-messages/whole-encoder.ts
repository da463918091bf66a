import { Bytes } from "../../proxy-wasm/bytes";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import * as literals from "./literals";
import * as names from "../../chat/names";
import { endOf, writeStop, writeUsage } from "./usage";
import { Signer, signedBy } from "../../chat/signature";
import { PartKind, WholeEncoder } from "../../chat/encode/whole-encoder";
import { anthropicError } from "./error";
import { messageId } from "./message-id";

const EMPTY_OBJECT = Bytes.of("{}");

/** Writes an answer as an Anthropic message. */
export class MessagesWholeEncoder extends WholeEncoder {
  private sequence: Bytes = Bytes.empty();
  private isRefused: bool = false;

  refusal(piece: Bytes): void {
    this.isRefused = true;
    this.text(piece);
  }

  stopSequence(value: Bytes): void {
    this.sequence = value.copy();
  }

  protected write(): Bytes {
    const out = new JsonWriter(1024).object();
    out.key(names.ID).string(messageId(this.id)).key(names.TYPE).string(names.MESSAGE);
    out.key(names.ROLE).string(names.ASSISTANT).key(names.MODEL).string(this.model);
    out.key(names.CONTENT);
    this.writeContent(out);
    out.key(literals.STOP_REASON);
    writeStop(out, endOf(this.reason, this.isRefused), this.hasCalls, this.sequence);
    out.key(names.USAGE).raw(Bytes.empty());
    writeUsage(out, this.tokens);
    return out.endObject().toBytes();
  }

  protected writeError(status: i32, code: string, message: string): Bytes {
    return anthropicError(status, code, message);
  }

  /** Never empty. */
  private writeContent(out: JsonWriter): void {
    out.array();
    const count = this.parts.length;
    if (count == 0) writeText(out, Bytes.empty());
    for (let i = 0; i < count; i++) {
      const part = this.parts[i];
      const text = part.text.toBytes();
      if (part.kind == PartKind.Text) writeText(out, text);
      else if (part.kind == PartKind.Thought) writeThought(out, text, part.signature);
      else if (part.kind == PartKind.Redacted) {
        out.object().key(names.TYPE).string(literals.REDACTED).key(literals.DATA).string(text);
        out.endObject();
      } else {
        if (part.signature.length > 0) {
          writeThought(out, Bytes.empty(), signedBy(Signer.Google, part.signature));
        }
        out.object().key(names.TYPE).string(literals.TOOL_USE).key(names.ID).string(part.id);
        out.key(names.NAME).string(part.name);
        out.key(literals.INPUT).raw(objectOr(text)).endObject();
      }
    }
    out.endArray();
  }
}

function writeText(out: JsonWriter, text: Bytes): void {
  out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).string(text).endObject();
}

function writeThought(out: JsonWriter, text: Bytes, signature: Bytes): void {
  out.object().key(names.TYPE).string(literals.THINKING).key(literals.THINKING).string(text);
  out.key(literals.SIGNATURE).string(signature).endObject();
}

/** The arguments if they are a JSON object, else an empty object. */
function objectOr(text: Bytes): Bytes {
  const document = JsonDocument.parse(text);
  return document !== null && document.kind(0) == Kind.Object ? document.raw(0) : EMPTY_OBJECT;
}

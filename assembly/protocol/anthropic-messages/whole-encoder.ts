import { Bytes } from "../../proxy-wasm/bytes";
import { JsonBuilder } from "../../json/builder";
import { JsonDocument, Kind } from "../../json/document";
import * as words from "./words";
import * as names from "../../chat/names";
import { stopReasonOf, writeUsage } from "./usage";
import { WholeEncoder } from "../../chat/encode/whole-encoder";
import { anthropicError } from "./error";
import { messageId } from "./message-id";

const ASSISTANT = Bytes.of("assistant");
const EMPTY_OBJECT = Bytes.of("{}");

/** Writes an answer as an Anthropic message. */
export class MessagesWholeEncoder extends WholeEncoder {
  protected write(): Bytes {
    const out = new JsonBuilder(this.words.length * 2 + 512).object();
    out.key(names.ID).string(messageId(this.id)).key(names.TYPE).string(names.MESSAGE);
    out.key(names.ROLE).string(ASSISTANT).key(names.MODEL).string(this.model);
    out.key(names.CONTENT);
    this.writeContent(out);
    out.key(words.STOP_REASON).string(stopReasonOf(this.reason));
    out.key(words.STOP_SEQUENCE).raw(words.NULL);
    out.key(names.USAGE).raw(Bytes.empty());
    writeUsage(out.out, this.tokens);
    return out.endObject().toBytes();
  }

  protected writeError(status: i32, _code: string, message: string): Bytes {
    return anthropicError(status, message);
  }

  /** Reasoning, text and calls; never nothing. */
  private writeContent(out: JsonBuilder): void {
    out.array();
    if (this.thoughts.length > 0) {
      out.object().key(names.TYPE).string(words.THINKING);
      out.key(words.THINKING).string(this.thoughts.toBytes());
      out.key(words.SIGNATURE).string(this.signed).endObject();
    }
    if (this.words.length > 0 || (this.thoughts.length == 0 && this.calls.length == 0)) {
      out.object().key(names.TYPE).string(names.TEXT);
      out.key(names.TEXT).string(this.words.toBytes()).endObject();
    }
    for (let i = 0; i < this.calls.length; i++) {
      const call = this.calls[i];
      out.object().key(names.TYPE).string(words.TOOL_USE).key(names.ID).string(call.id);
      out.key(names.NAME).string(call.name);
      out.key(words.INPUT).raw(objectOr(call.arguments.toBytes())).endObject();
    }
    out.endArray();
  }
}

/** Arguments that are a JSON object; else an empty one. */
function objectOr(text: Bytes): Bytes {
  const document = JsonDocument.parse(text);
  return document !== null && document.kind(0) == Kind.Object ? document.raw(0) : EMPTY_OBJECT;
}

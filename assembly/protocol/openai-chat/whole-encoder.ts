import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { JsonBuilder } from "../../json/builder";
import { openAiError } from "../../chat/error-body";
import * as names from "../../chat/names";
import { WholeEncoder } from "../../chat/encode/whole-encoder";
import { writeUsage } from "./usage";

const COMPLETION = Bytes.of("chat.completion");
const ASSISTANT = Bytes.of("assistant");
const NULL = Bytes.of("null");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");

/** Writes an answer as OpenAI's `chat.completion`. */
export class ChatWholeEncoder extends WholeEncoder {
  protected write(): Bytes {
    const out = new JsonBuilder(this.words.length * 2 + 512).object();
    out.key(names.ID).string(this.id);
    out.key(names.OBJECT).string(COMPLETION);
    out.key(names.CREATED).number(this.created > 0 ? <i64>this.created : <i64>nowSeconds());
    out.key(names.MODEL).string(this.model);
    out.key(names.CHOICES).array().object();
    out.key(names.INDEX).number(0);
    out.key(names.MESSAGE);
    this.writeMessage(out);
    out.key(names.LOGPROBS).raw(NULL);
    out.key(names.FINISH_REASON).string(this.reason.length > 0 ? this.reason : names.STOP);
    out.endObject().endArray().key(names.USAGE).raw(Bytes.empty());
    writeUsage(out.out, this.tokens);
    return out.endObject().toBytes();
  }

  protected writeError(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }

  private writeMessage(out: JsonBuilder): void {
    out.object().key(names.ROLE).string(ASSISTANT);
    out.key(names.CONTENT);
    if (this.words.length == 0 && this.calls.length > 0) out.raw(NULL);
    else out.string(this.words.toBytes());
    if (this.thoughts.length > 0) {
      out.key(names.REASONING_CONTENT).string(this.thoughts.toBytes());
    }
    if (this.signed.length > 0) {
      out.key(THINKING_BLOCKS).array().object().key(names.TYPE).string(THINKING);
      out.key(THINKING).string(this.thoughts.toBytes()).key(SIGNATURE).string(this.signed);
      out.endObject().endArray();
    }
    if (this.calls.length > 0) {
      out.key(names.TOOL_CALLS).array();
      for (let i = 0; i < this.calls.length; i++) {
        const call = this.calls[i];
        out.object().key(names.ID).string(call.id).key(names.TYPE).string(names.FUNCTION);
        out.key(names.FUNCTION).object().key(names.NAME).string(call.name);
        const json = call.arguments.length > 0 ? call.arguments.toBytes() : EMPTY_ARGUMENTS;
        out.key(names.ARGUMENTS).string(json).endObject();
        if (call.signature.length > 0) {
          out.key(names.EXTRA_CONTENT).object().key(names.GOOGLE).object();
          out.key(names.THOUGHT_SIGNATURE).string(call.signature).endObject().endObject();
        }
        out.endObject();
      }
      out.endArray();
    }
    out.endObject();
  }
}

const EMPTY_ARGUMENTS = Bytes.of("{}");

import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { openAiError } from "../../chat/error-body";
import { WholeEncoder } from "../../chat/encode/whole-encoder";
import { AnswerTerms } from "../../chat/answer-terms";
import { ItemKind } from "./item";
import { ResponseObject } from "./object";

/** Writes an answer as a `response` of OpenAI's Responses API. */
export class ResponsesWholeEncoder extends WholeEncoder {
  constructor(private readonly terms: AnswerTerms) {
    super();
  }

  private compacted: Bytes = Bytes.empty();

  summary(value: Bytes): void {
    this.compacted = value;
  }

  protected write(): Bytes {
    const response = new ResponseObject(this.id, this.model, this.created, this.terms);
    if (this.thoughts.length > 0 || this.signed.length > 0) {
      const item = response.add(ItemKind.Reasoning);
      item.text.bytes(this.thoughts.toBytes());
      item.signature = this.signed;
    }
    if (this.compacted.length > 0) response.add(ItemKind.Compaction).text.bytes(this.compacted);
    else if (this.words.length > 0 || this.calls.length == 0) {
      response.add(ItemKind.Message).text.bytes(this.words.toBytes());
    }
    for (let i = 0; i < this.calls.length; i++) {
      const call = this.calls[i];
      const item = response.addCall(call.id, call.name);
      item.text.bytes(call.arguments.toBytes());
    }
    response.reason = this.reason;
    response.tokens = this.tokens;
    response.complete();
    return response.write(new ByteWriter(this.words.length * 2 + 1024)).toBytes();
  }

  protected writeError(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { JsonWriter } from "../../json/writer";
import { openAiError } from "../../chat/error-body";
import { AnswerPart, PartKind, WholeEncoder } from "../../chat/encode/whole-encoder";
import { Signer, signedBy } from "../../chat/signature";
import { AnswerTerms } from "../../chat/answer-terms";
import { ItemKind } from "./item";
import { ResponseObject } from "./object";

/** Writes an answer as a `response` of OpenAI's Responses API. */
export class ResponsesWholeEncoder extends WholeEncoder {
  constructor(private readonly terms: AnswerTerms) {
    super();
  }

  refusal(piece: Bytes): void {
    this.last(PartKind.Refusal).text.bytes(piece);
  }

  private compacted: Bytes = Bytes.empty();

  summary(value: Bytes): void {
    this.compacted = value;
  }

  protected write(): Bytes {
    const response = new ResponseObject(this.id, this.model, this.created, this.terms);
    if (this.compacted.length > 0) response.add(ItemKind.Compaction).text.bytes(this.compacted);
    else if (this.parts.length == 0) response.add(ItemKind.Message);
    for (let i = 0; i < this.parts.length; i++) addPart(response, this.parts[i]);
    response.reason = this.reason;
    response.tokens = this.tokens;
    response.complete();
    if (this.terms.isCompaction) return response.writeCompaction(new JsonWriter(2048)).toBytes();
    return response.write(new JsonWriter(2048)).toBytes();
  }

  protected writeError(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }
}

function addPart(response: ResponseObject, part: AnswerPart): void {
  const text = part.text.toBytes();
  if (part.kind == PartKind.Text) response.add(ItemKind.Message).text.bytes(text);
  else if (part.kind == PartKind.Refusal) response.add(ItemKind.Refusal).text.bytes(text);
  else if (part.kind == PartKind.Call) {
    if (part.signature.length > 0) {
      const value = signedBy(Signer.Google, part.signature);
      response.add(ItemKind.Reasoning).signature = value;
    }
    response.addCall(part.id, part.name).text.bytes(text);
  } else {
    const item = response.add(ItemKind.Reasoning);
    const isRedacted = part.kind == PartKind.Redacted;
    item.signature = isRedacted ? signedBy(Signer.Redacted, text) : part.signature;
    if (!isRedacted) item.text.bytes(text);
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { PartKind, WholeEncoder } from "../../chat/encode/whole-encoder";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { googleError } from "./error";
import { writeCallPart, writeTextPart } from "./parts";
import { finishReasonOf, writeUsage } from "./usage";
import * as literals from "./literals";

/** Writes an answer as one `GenerateContentResponse`. */
export class GeminiWholeEncoder extends WholeEncoder {
  private isRefused: bool = false;

  refusal(piece: Bytes): void {
    this.isRefused = true;
    this.text(piece);
  }

  protected write(): Bytes {
    const out = new JsonWriter(1024).object();
    out.key(literals.CANDIDATES).array().object();
    out.key(names.CONTENT).object().key(literals.PARTS).array();
    if (this.parts.length == 0) writeTextPart(out, Bytes.empty(), false, Bytes.empty());
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i];
      const isText = part.kind == PartKind.Text;
      if (part.kind == PartKind.Call) writeCallPart(out, part);
      else if (isText || part.kind == PartKind.Thought) {
        writeTextPart(out, part.text.toBytes(), !isText, part.signature);
      }
    }
    out.endArray().key(names.ROLE).string(literals.MODEL_ROLE).endObject();
    const reason = finishReasonOf(this.reason, this.isRefused);
    out.key(literals.FINISH_REASON).string(Bytes.of(reason));
    out.key(names.INDEX).number(0).endObject().endArray();
    out.key(literals.USAGE).raw(Bytes.empty());
    writeUsage(out, this.tokens);
    out.key(literals.MODEL_VERSION).string(this.model);
    return out.key(literals.RESPONSE_ID).string(this.id).endObject().toBytes();
  }

  protected writeError(status: i32, _code: string, message: string): Bytes {
    return googleError(status, message);
  }
}

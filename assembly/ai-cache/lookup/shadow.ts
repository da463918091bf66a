import { Bytes } from "../../proxy-wasm/bytes";
import { viewAnswer } from "../../protocol/registry";
import { JsonDocument } from "../../json/document";
import { countShadow } from "../report/metrics";
import { agreementOf } from "../life/agreement";
import { formatSimilarity, NO_SIMILARITY } from "../report/similarity";

/** Width of a bin of similarities. */
const BIN: f32 = 0.005;
/** Label of an answer that was found by its question's words. */
const BY_TEXT = "text";

/** An answer that shadow mode found and did not serve. */
export class Shadow {
  constructor(
    private readonly answer: Bytes,
    private readonly similarity: f32,
  ) {}

  /**
   * Compares it with the answer that the model gave, and counts the result. `threshold`: the score from which on
   * answers to such a question agree.
   */
  observe(fresh: Bytes, threshold: i32): void {
    const agrees = agreementOf(textOf(this.answer), textOf(fresh)) >= threshold;
    const bin = floor<f32>(this.similarity / BIN + 0.001) * BIN;
    countShadow(this.similarity == NO_SIMILARITY ? BY_TEXT : formatSimilarity(bin), agrees);
  }
}

function textOf(answer: Bytes): Bytes {
  const document = new JsonDocument();
  return document.parse(answer) ? viewAnswer(document).text : Bytes.empty();
}

import { Bytes } from "../../proxy-wasm/bytes";
import { Label } from "../limit/error-limit";
import { countShadow } from "../report/metrics";
import { agreementOf } from "../life/agreement";
import { formatSimilarity, NO_SIMILARITY } from "../report/similarity";

/** Width of a bin of similarities. */
const BIN: f32 = 0.005;
/** The similarity label of candidates found by words. */
const BY_TEXT = "text";

/** A semantic candidate that was not served: in shadow mode, or to learn. */
export class Shadow {
  constructor(
    /** The candidate's answer as JSON. */
    readonly answer: Bytes,
    private readonly similarity: f32,
    /** The label for its comparison with the model's answer. */
    readonly label: Label,
    /** Whether it is shadow mode's. */
    readonly isCounted: bool,
  ) {}

  /** Counts for shadow mode whether the texts agree. `threshold`: the least score of agreement. */
  count(found: Bytes, fresh: Bytes, threshold: i32): void {
    const agrees = agreementOf(found, fresh) >= threshold;
    const bin = floor<f32>(this.similarity / BIN + 0.001) * BIN;
    countShadow(this.similarity == NO_SIMILARITY ? BY_TEXT : formatSimilarity(bin), agrees);
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { ModelFeatures } from "../../features/model-features";

const STRICT = Bytes.of("strict");
/** Requests with more are rejected. Source: Anthropic's document on strict tools. */
const MOST: i32 = 20;

/** Which functions of a request stay strict: the first ones, if the model has strict tools. */
export class StrictTools {
  private left: i32;

  constructor(features: ModelFeatures) {
    this.left = features.strictTools ? MOST : 0;
  }

  /** Whether a function stays strict; it counts if so. */
  takes(document: JsonDocument, definition: i32): bool {
    if (this.left == 0 || !document.isTrue(document.member(definition, STRICT))) return false;
    this.left--;
    return true;
  }
}

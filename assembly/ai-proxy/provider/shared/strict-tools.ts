import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../json/document";
import { JsonWriter } from "../../../json/writer";
import { ModelFeatures } from "../../features/model-features";
import { closedSchema } from "./closed-schema";

const STRICT = Bytes.of("strict");
const PARAMETERS = Bytes.of("parameters");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const CLOSED = Bytes.of('{"type":"object","properties":{},"additionalProperties":false}');
/** Requests with more are rejected. Source: Anthropic's document on strict tools. */
const MOST: i32 = 20;

/** Which functions of a request stay strict: the first ones that can be closed, if the model has strict tools. */
export class StrictTools {
  private left: i32;

  constructor(features: ModelFeatures) {
    this.left = features.strictTools ? MOST : 0;
  }

  /** Writes the schema of a function's parameters. Returns whether the function stays strict; it counts if so. */
  writeSchema(document: JsonDocument, definition: i32, out: JsonWriter): bool {
    const parameters = document.member(definition, PARAMETERS);
    const hasSchema = document.kind(parameters) == Kind.Object && document.size(parameters) > 0;
    if (this.left > 0 && document.isTrue(document.member(definition, STRICT))) {
      const closed = hasSchema ? closedSchema(document, parameters, true) : CLOSED;
      if (closed.length > 0) {
        this.left--;
        out.raw(closed);
        return true;
      }
    }
    out.raw(hasSchema ? document.raw(parameters) : NO_PARAMETERS);
    return false;
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import * as names from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { ModelFeatures, Refusal } from "../../features/model-features";

const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const ONLY_JSON = Bytes.of("Answer with a single valid JSON object and nothing else.");
const CONFORMS = Bytes.of(" It conforms to this JSON schema: ");

/** The format of the answer that a chat request asks of a vendor with structured output but no JSON mode. */
export class AnswerFormat {
  /** The schema's siblings: its name and description. −1 unless a schema is sent. */
  holder: i32 = -1;
  /** The schema to be sent; −1 for none. */
  schema: i32 = -1;
  /** An instruction that asks for JSON where the model has no other way; empty for none. */
  instruction: Bytes = Bytes.empty();

  constructor(document: JsonDocument, features: ModelFeatures) {
    const format = document.member(0, RESPONSE_FORMAT);
    const holder = document.member(format, JSON_SCHEMA);
    const schema = document.member(holder, SCHEMA);
    if (document.kind(schema) != Kind.Object) {
      if (document.textIs(document.member(format, names.TYPE), JSON_OBJECT)) {
        this.instruction = ONLY_JSON;
      }
    } else if (features.isRefused(Refusal.Schema)) {
      const text = new ByteWriter(ONLY_JSON.length + 256).bytes(ONLY_JSON).bytes(CONFORMS);
      this.instruction = text.bytes(document.raw(schema)).toBytes();
    } else {
      this.holder = holder;
      this.schema = schema;
    }
  }
}

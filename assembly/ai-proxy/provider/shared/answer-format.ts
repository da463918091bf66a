import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { ModelFeatures, Refusal } from "../../features/model-features";
import { ONLY_JSON, schemaInstruction } from "../../features/schema-instruction";
import { closedSchema } from "./closed-schema";

const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const STRICT = Bytes.of("strict");

/** The format of the answer that a chat request asks of a vendor with structured output but no JSON mode. */
export class AnswerFormat {
  /** Node of the schema's siblings: its name and description. */
  readonly holder: i32;
  /** The schema to be sent, closed; empty for none. */
  schema: Bytes = Bytes.empty();
  /** An instruction that asks for JSON where the model has no other way; empty for none. */
  instruction: Bytes = Bytes.empty();

  constructor(document: JsonDocument, features: ModelFeatures) {
    const format = document.member(0, RESPONSE_FORMAT);
    const holder = document.member(format, JSON_SCHEMA);
    const schema = document.member(holder, SCHEMA);
    const hasSchema = document.kind(schema) == Kind.Object;
    this.holder = holder;
    if (hasSchema && !features.isRefused(Refusal.Schema)) {
      const isStrict = document.isTrue(document.member(holder, STRICT));
      this.schema = closedSchema(document, schema, isStrict);
    }
    if (hasSchema && this.schema.length == 0) {
      this.instruction = schemaInstruction(document.raw(schema));
    }
    const isJson = document.textIs(document.member(format, names.TYPE), JSON_OBJECT);
    if (!hasSchema && isJson) this.instruction = ONLY_JSON;
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { setValue } from "../../json/set-value";
import { ModelFeatures, Refusal, ThinkingForm } from "../features/model-features";
import { schemaInstruction } from "../features/schema-instruction";
import { addContext } from "./conversation";

const RESPONSE_FORMAT = Bytes.of("response_format");
const FORMAT_PLACE: Bytes[] = [RESPONSE_FORMAT];
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const JSON_MODE = Bytes.of('{"type":"json_object"}');

/**
 * A request whose schema becomes an instruction, for a model that has only a JSON mode; null where nothing
 * changes. Native protocols do so themselves.
 */
export function withSchemaInstruction(
  document: JsonDocument,
  features: ModelFeatures,
): Bytes | null {
  if (!features.isRefused(Refusal.Schema) || features.thinking == ThinkingForm.Own) return null;
  const format = document.member(0, RESPONSE_FORMAT);
  if (!document.textIs(document.member(format, names.TYPE), JSON_SCHEMA)) return null;
  const body = setValue(document.source, FORMAT_PLACE, JSON_MODE, true);
  const schema = document.member(document.member(format, JSON_SCHEMA), SCHEMA);
  if (document.kind(schema) != Kind.Object) return body;
  return addContext(body, schemaInstruction(document.raw(schema)));
}

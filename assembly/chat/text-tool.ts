/** Tools that take a text (OpenAI's custom tools) as functions with one, for models that know functions alone. */
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { JsonWriter } from "../json/writer";

/** The parameters of such a function. */
export const TEXT_PARAMETERS = Bytes.of(
  '{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}',
);
/** Ends its description. */
export const WRITE_INPUT = Bytes.of("\nWrite the whole text into `input`.");
/** Introduces the grammar of the text. */
export const GRAMMAR = Bytes.of("\nIts grammar:\n");
/** Largest grammar in bytes that is passed to a model. */
export const MAX_GRAMMAR: i32 = 8192;
const INPUT = Bytes.of("input");
const OPEN = Bytes.of('{"input":');

/** The arguments of a call with this text. */
export function textArguments(text: Bytes): Bytes {
  return new JsonWriter(text.length + 16).piece(OPEN).string(text).endObject().toBytes();
}

/** The text of a call: its only argument or, if the model did not follow the schema, everything it wrote. */
export function textIn(json: Bytes): Bytes {
  const document = new JsonDocument();
  if (document.parse(json) && document.kind(0) == Kind.Object) {
    const input = document.member(0, INPUT);
    if (document.kind(input) == Kind.String) return document.text(input);
  }
  return json;
}

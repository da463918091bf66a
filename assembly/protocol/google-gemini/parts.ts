/** The parts of an answer as both encoders write them. */
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import * as names from "../../chat/names";
import { AnswerPart } from "../../chat/encode/whole-encoder";
import * as literals from "./literals";

/** A part with text, or with reasoning and its signature. */
export function writeTextPart(
  out: JsonWriter,
  text: Bytes,
  isThought: bool,
  signature: Bytes,
): void {
  out.object().key(literals.TEXT).string(text);
  if (isThought) out.key(literals.THOUGHT).bool(true);
  if (signature.length > 0) out.key(literals.THOUGHT_SIGNATURE).string(signature);
  out.endObject();
}

/** A part with a call; arguments that are not an object are dropped. */
export function writeCallPart(out: JsonWriter, call: AnswerPart): void {
  out.object().key(literals.FUNCTION_CALL).object();
  out.key(names.ID).string(call.id).key(names.NAME).string(call.name);
  const given = call.text.toBytes();
  const document = JsonDocument.parse(given);
  const isObject = document !== null && document.kind(0) == Kind.Object;
  out
    .key(literals.ARGS)
    .raw(isObject ? given : literals.EMPTY_OBJECT)
    .endObject();
  if (call.signature.length > 0) out.key(literals.THOUGHT_SIGNATURE).string(call.signature);
  out.endObject();
}

import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { modelInPath } from "../base/listed-model";

const DATA = Bytes.of("data");
const MODELS = Bytes.of("models");
const DISPLAY_NAME = Bytes.of("displayName");
const METHODS = Bytes.of("supportedGenerationMethods");
const PREFIX = "models/";
const CHAT_METHODS = Bytes.of('["generateContent","countTokens"]');

/**
 * Converts OpenAI's or Anthropic's list of models into Google's, or the one model that a path names. Empty
 * if there is no such list or model.
 */
export function googleOfModels(list: JsonDocument, target: Bytes): Bytes {
  const models = list.member(0, DATA);
  if (list.kind(models) != Kind.Array) return Bytes.empty();
  const wanted = modelInPath(target);
  const out = new JsonWriter(1024);
  if (wanted.length == 0) out.object().key(MODELS).array();
  let isFound: bool = wanted.length == 0;
  for (let model = list.first(models); model >= 0; model = list.after(model)) {
    const id = list.text(list.member(model, names.ID));
    if (id.length == 0 || (wanted.length > 0 && (isFound || !id.equals(wanted)))) continue;
    isFound = true;
    out
      .object()
      .key(names.NAME)
      .string(Bytes.of(PREFIX + id.toString()));
    out.key(DISPLAY_NAME).string(id).key(METHODS).raw(CHAT_METHODS).endObject();
  }
  if (!isFound) return Bytes.empty();
  return wanted.length > 0 ? out.toBytes() : out.endArray().endObject().toBytes();
}

import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { modelInPath } from "../base/listed-model";
import * as literals from "./literals";

const DATA = Bytes.of("data");
const DISPLAY_NAME = Bytes.of("display_name");
const MODEL = Bytes.of("model");
const HAS_MORE = Bytes.of("has_more");
const CREATED_AT = Bytes.of(',"created_at":"1970-01-01T00:00:00Z"');
const MAX_INPUT_TOKENS = Bytes.of("max_input_tokens");
const START = Bytes.of('{"data":[');
const FIRST = Bytes.of('],"has_more":false,"first_id":');
const LAST = Bytes.of(',"last_id":');
const CLOSE = Bytes.of("}");
/** Where vendors say how long a prompt may be: OpenRouter and Groq, vLLM. */
const LENGTHS: Bytes[] = [
  MAX_INPUT_TOKENS,
  Bytes.of("context_length"),
  Bytes.of("context_window"),
  Bytes.of("max_model_len"),
];

/**
 * Converts OpenAI's list of models into Anthropic's, in one page, or the one model that a path names; a list of
 * Anthropic's stays as it is. Empty if there is no such list or model. The time of a model's release, which
 * nobody tells, is the epoch, as Anthropic's document on the list of models has it.
 */
export function anthropicOfModels(list: JsonDocument, target: Bytes): Bytes {
  const models = list.member(0, DATA);
  if (list.kind(models) != Kind.Array) return Bytes.empty();
  const wanted = modelInPath(target);
  if (wanted.length == 0 && isAnthropics(list, models)) return list.source;
  const out = new JsonWriter(1024);
  if (wanted.length == 0) out.piece(START);
  let first = -1;
  let last = -1;
  for (let model = list.first(models); model >= 0; model = list.after(model)) {
    const id = list.member(model, names.ID);
    if (list.text(id).length == 0) continue;
    if (wanted.length > 0 && (first >= 0 || !list.text(id).equals(wanted))) continue;
    if (first < 0) first = id;
    last = id;
    writeModel(list, model, id, out);
  }
  if (wanted.length > 0) return out.toBytes();
  out.piece(FIRST).piece(first < 0 ? literals.NULL : list.raw(first));
  out.piece(LAST).piece(last < 0 ? literals.NULL : list.raw(last));
  return out.piece(CLOSE).toBytes();
}

/** Whether a list is Anthropic's: others have pages, too, but an `object`, or entries without its type. */
function isAnthropics(list: JsonDocument, models: i32): bool {
  if (list.member(0, HAS_MORE) < 0 || list.member(0, names.OBJECT) >= 0) return false;
  const first = list.first(models);
  return first < 0 || list.textIs(list.member(first, names.TYPE), MODEL);
}

function writeModel(list: JsonDocument, model: i32, id: i32, out: JsonWriter): void {
  out.object().key(names.TYPE).string(MODEL).key(names.ID).raw(list.raw(id));
  let shown = list.member(model, DISPLAY_NAME);
  if (list.kind(shown) != Kind.String) shown = list.member(model, names.NAME);
  out.key(DISPLAY_NAME).raw(list.raw(list.kind(shown) == Kind.String ? shown : id));
  out.piece(CREATED_AT);
  for (let i = 0; i < LENGTHS.length; i++) {
    const length = list.member(model, LENGTHS[i]);
    if (list.kind(length) == Kind.Number) {
      out.key(MAX_INPUT_TOKENS).raw(list.raw(length));
      break;
    }
  }
  out.endObject();
}

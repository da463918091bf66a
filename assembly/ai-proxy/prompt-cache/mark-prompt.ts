import { JsonWriter } from "../../json/writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { toHex } from "../../text/hex";
import { beginningIn } from "./beginning";
import { MarkForm } from "./mark-form";
import { Mark, marksFor } from "./mark-policy";
import { Prefix, readPrompt } from "./prompt";
import { SeenPrefixes } from "./seen-prefixes";
import { PromptSettings } from "./settings";

const FIVE_MINUTES: u32 = 300;
const HOUR: u32 = 3600;
const CACHE_KEY = Bytes.of("prompt_cache_key");

/**
 * A request, as the vendor wants it, with the marks that pay; null where none does, or where the client has set its
 * own. `parsed`: the request, where it has been parsed. `isHour`: whether it is kept for an hour. `seed`: of whose
 * cache it is.
 */
export function markPrompt(
  body: Bytes,
  parsed: JsonDocument | null,
  form: MarkForm,
  settings: PromptSettings,
  isHour: bool,
  seed: u64,
): EditedBytes | null {
  if (body.length < settings.leastBytes || body.find(form.sign) >= 0) return null;
  const document = objectOf(body, parsed);
  if (document === null) return null;
  const seen = new SeenPrefixes(isHour ? HOUR : FIVE_MINUTES, <u32>nowSeconds());
  const prompt = readPrompt(document, form, seed);
  const marks = marksFor(prompt, settings.leastBytes, seen);
  if (marks == 0) return null;
  const changes = new Splice(body);
  const prefixes: Prefix[] = [prompt.tools, prompt.system, prompt.former, prompt.end];
  for (let i = 0; i < prefixes.length; i++) {
    if ((marks & (Mark.Tools << i)) != 0) form.mark(document, prefixes[i].node, isHour, changes);
  }
  return changes.edited();
}

/**
 * Adds a cache key for the conversation, by which OpenAI-compatible vendors route it to its cached prefix;
 * null if the client has set one, or the prompt is too short.
 */
export function addCacheKey(
  body: Bytes,
  parsed: JsonDocument | null,
  settings: PromptSettings,
  seed: u64,
): EditedBytes | null {
  if (body.length < settings.leastBytes) return null;
  const document = objectOf(body, parsed);
  if (document === null) return null;
  if (document.member(0, CACHE_KEY) >= 0) return null;
  const beginning = beginningIn(document, i32.MAX_VALUE, seed);
  if (beginning.length == 0) return null;
  const changes = new Splice(body);
  const members = new ObjectEdit(document, 0, changes);
  const name = new JsonWriter(24).quoted(Bytes.of(toHex(beginning)));
  members.append(CACHE_KEY, name.toBytes());
  members.finish();
  return changes.edited();
}

/** The object that a body is; null for any other. `parsed`: what has been parsed last. */
function objectOf(body: Bytes, parsed: JsonDocument | null): JsonDocument | null {
  const isParsed = parsed !== null && parsed.source === body;
  const document = isParsed ? parsed : JsonDocument.parse(body);
  return document !== null && document.kind(0) == Kind.Object ? document : null;
}

import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { setValue } from "../../json/set-value";
import { Splice } from "../../json/splice";
import { writeString } from "../../json/writer";
import { CustomSettings } from "./custom-settings";
import { ModelMapping } from "./model-mapping";

const OPTIONS_MEMBER = Bytes.of('"stream_options":{"include_usage":true}');
const USAGE_MEMBER = Bytes.of('"include_usage":true');
const DEVELOPER = Bytes.of("developer");
const SYSTEM = Bytes.of("system");
const MAX_COMPLETION_TOKENS = Bytes.of("max_completion_tokens");
const MAX_TOKENS = Bytes.of("max_tokens");
const RESPONSE_FORMAT: Bytes[] = [Bytes.of("response_format")];
const COMMA: u8 = 0x2c;

/** A request body as it goes upstream. */
export class RequestEdit {
  /** What is wrong with the body; empty when nothing is. Then `body` is what was given. */
  error: string = "";
  /** The model that the client asked for. */
  model: Bytes = Bytes.empty();
  /** The model that the vendor is asked for. */
  upstreamModel: Bytes = Bytes.empty();
  /** Whether the client asked for a stream. */
  stream: bool = false;

  constructor(public body: Bytes) {}
}

/** What is to be changed in a request body. */
export class EditPlan {
  /** Values to be set before anything else. */
  settings: CustomSettings = new CustomSettings();
  /** JSON that becomes `response_format`; empty leaves the client's. */
  responseFormat: Bytes = Bytes.empty();
  /** Whether streams of chat and completions are asked for their usage. */
  askForUsage: bool = false;
  /** Whether role `developer` becomes `system`. */
  replaceDeveloper: bool = false;
  /** Whether `max_completion_tokens` becomes `max_tokens`. */
  renameMaxTokens: bool = false;

  constructor(readonly mapping: ModelMapping) {}
}

/**
 * Makes a request body what the vendor wants. Only what changes is touched: every other byte of it,
 * unknown members, number forms and white space included, stays as it was.
 */
export function editRequest(body: Bytes, plan: EditPlan): RequestEdit {
  const edit = new RequestEdit(body);
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(prepare(body, plan))) {
    edit.error =
      "the request body is not valid: " + document.error + " at byte " + document.offset.toString();
    return edit;
  }
  if (document.kind(0) != Kind.Object) {
    edit.error = "the request body is not a JSON object";
    return edit;
  }
  const model = document.member(0, names.MODEL);
  if (!document.isAbsent(model) && document.kind(model) != Kind.String) {
    edit.error = "model is not a string";
    return edit;
  }
  edit.model = document.text(model);
  edit.upstreamModel = edit.model;
  edit.stream = document.isTrue(document.member(0, names.STREAM));
  const changes = new Splice(document.source);
  const mapped = edit.model.length > 0 ? plan.mapping.mapBytes(edit.model) : null;
  if (mapped !== null) {
    edit.upstreamModel = mapped;
    replaceString(document, changes, model, mapped);
  }
  if (plan.askForUsage && edit.stream) askForUsage(document, changes);
  if (plan.replaceDeveloper) replaceDeveloper(document, changes);
  if (plan.renameMaxTokens) renameMaxTokens(document, changes);
  edit.body = changes.apply();
  return edit;
}

/** What is set whatever the client sent, before anything else is looked at. */
function prepare(body: Bytes, plan: EditPlan): Bytes {
  const prepared = plan.settings.apply(body);
  if (plan.responseFormat.length == 0) return prepared;
  return setValue(prepared, RESPONSE_FORMAT, plan.responseFormat, true);
}

/** Adds `stream_options.include_usage` unless the client has decided about it. */
function askForUsage(document: JsonDocument, changes: Splice): void {
  const options = document.member(0, names.STREAM_OPTIONS);
  if (options < 0) {
    const end = document.end(0) - 1;
    changes.replace(end, end, new ByteWriter(64).byte(COMMA).bytes(OPTIONS_MEMBER).toBytes());
    return;
  }
  if (document.kind(options) != Kind.Object) return;
  if (document.member(options, names.INCLUDE_USAGE) >= 0) return;
  const at = document.start(options) + 1;
  const member = new ByteWriter(32).bytes(USAGE_MEMBER);
  if (document.size(options) > 0) member.byte(COMMA);
  changes.replace(at, at, member.toBytes());
}

function replaceDeveloper(document: JsonDocument, changes: Splice): void {
  const messages = document.member(0, names.MESSAGES);
  if (document.kind(messages) != Kind.Array) return;
  let message = messages + 1;
  for (let left = document.size(messages); left > 0; left--) {
    const role = document.member(message, names.ROLE);
    if (document.text(role).equals(DEVELOPER)) replaceString(document, changes, role, SYSTEM);
    message = document.next(message);
  }
}

/** Renames the key in place; a `max_tokens` of the client's own wins and nothing changes. */
function renameMaxTokens(document: JsonDocument, changes: Splice): void {
  const limit = document.member(0, MAX_COMPLETION_TOKENS);
  if (limit < 0 || document.member(0, MAX_TOKENS) >= 0) return;
  replaceString(document, changes, limit - 1, MAX_TOKENS);
}

/** Replaces the string at `node`, quotes included. */
function replaceString(document: JsonDocument, changes: Splice, node: i32, text: Bytes): void {
  const quoted = writeString(new ByteWriter(text.length + 2), text).toBytes();
  changes.replace(document.start(node) - 1, document.end(node) + 1, quoted);
}

import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { Splice } from "../../json/splice";
import { writeString } from "../../json/writer";
import { ModelMapping } from "./model-mapping";

const OPTIONS_MEMBER = Bytes.of('"stream_options":{"include_usage":true}');
const USAGE_MEMBER = Bytes.of('"include_usage":true');
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

/**
 * Maps the model and asks for usage at the end of streams. Only what changes is touched: every other byte of the body, unknown members,
 * number forms and white space included, stays as it was.
 */
export function editRequest(body: Bytes, mapping: ModelMapping, askForUsage: bool): RequestEdit {
  const edit = new RequestEdit(body);
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body)) {
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
  const mapped = edit.model.length > 0 ? mapping.mapBytes(edit.model) : null;
  if (mapped !== null) edit.upstreamModel = mapped;
  edit.body = splice(document, model, mapped, askForUsage && edit.stream);
  return edit;
}

function splice(
  document: JsonDocument,
  model: i32,
  mapped: Bytes | null,
  askForUsage: bool,
): Bytes {
  const source = document.source;
  const edits = new Splice(source);
  const options = document.member(0, names.STREAM_OPTIONS);
  const insertUsage =
    askForUsage &&
    document.kind(options) == Kind.Object &&
    document.member(options, names.INCLUDE_USAGE) < 0;
  if (insertUsage && (mapped === null || options < model)) addUsage(document, edits, options);
  if (mapped !== null) {
    const text = writeString(new ByteWriter(mapped.length + 2), mapped).toBytes();
    edits.replace(document.start(model) - 1, document.end(model) + 1, text);
  }
  if (insertUsage && mapped !== null && options > model) addUsage(document, edits, options);
  if (askForUsage && document.kind(options) == Kind.None) {
    const end = document.end(0) - 1;
    edits.replace(end, end, new ByteWriter(64).byte(COMMA).bytes(OPTIONS_MEMBER).toBytes());
  }
  return edits.apply();
}

/** Puts the member in front of the others. */
function addUsage(document: JsonDocument, edits: Splice, options: i32): void {
  const at = document.start(options) + 1;
  const member = new ByteWriter(32).bytes(USAGE_MEMBER);
  if (document.size(options) > 0) member.byte(COMMA);
  edits.replace(at, at, member.toBytes());
}

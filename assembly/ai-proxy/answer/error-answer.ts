import { Bytes } from "../../proxy-wasm/bytes";
import { codeOfStatus } from "../../chat/error-body";
import { overflowCode } from "../../chat/overflow";
import { isEventStreamType } from "../../http/media-type";
import { frameData, SseFrameHandler, SseFrames } from "../../http/sse-frames";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { ERROR_CODES, ERROR_TEXTS } from "../provider/table";

/** Longest message in bytes that is passed to a client; of a longer one only the status. */
export const MAX_TEXT: i32 = 500;
const TEXT_PLAIN = Bytes.of("text/plain");

/** Paths of error messages in order of preference: common ones, the vendor's, further ones. */
const TEXTS: Bytes[][] = [
  placeOf(["error", "message"]),
  placeOf(["message"]),
  placeOf(["msg"]),
  placeOf(["errorMsg"]),
]
  .concat(ERROR_TEXTS)
  .concat([placeOf(["error"]), placeOf(["detail", "0", "msg"]), placeOf(["detail"])])
  // A message alone, as JSON.
  .concat([placeOf([])]);
const CODES: Bytes[][] = [placeOf(["error", "code"]), placeOf(["code"])].concat(ERROR_CODES);

/**
 * The body of an error answer in the client's protocol. `body` itself when it is already in that form; the
 * vendor's message is kept if it is at one of the usual paths. `namesModel`: whether the request names a model.
 */
export function errorAnswer(
  body: Bytes,
  protocol: ClientProtocol,
  status: i32,
  namesModel: bool,
): Bytes {
  const document = JsonDocument.parse(body);
  if (document === null) return generalError(protocol, status, namesModel);
  const text = firstText(document, TEXTS);
  const named = firstText(document, CODES).toString();
  // Google repeats the status as a number.
  const code = named == status.toString() ? "" : named;
  const message = text.toString();
  // OpenAI's clients act on a code, which most vendors with its form leave out.
  const lacksCode = !protocol.isForeign && overflowCode(status, code, message) != code;
  if (protocol.isError(document) && !lacksCode) return body;
  if (text.length == 0) return generalError(protocol, status, namesModel);
  return protocol.errorBody(
    status,
    code.length > 0 ? code : codeOfStatus(status, namesModel),
    message,
  );
}

/**
 * The body of an error answer of content type `type` in the client's protocol: JSON, a line of text,
 * or an event stream, of which the first event counts. Of anything else only the status is reported.
 */
export function errorOf(
  type: Bytes,
  body: Bytes,
  protocol: ClientProtocol,
  status: i32,
  namesModel: bool,
): Bytes {
  if (isEventStreamType(type)) return errorAnswer(firstData(body), protocol, status, namesModel);
  if (!isText(type)) return errorAnswer(body, protocol, status, namesModel);
  const message = body.trim();
  if (message.length == 0 || message.length > MAX_TEXT)
    return generalError(protocol, status, namesModel);
  // Some call their JSON a text.
  if (JsonDocument.parse(message) !== null)
    return errorAnswer(message, protocol, status, namesModel);
  return protocol.errorBody(status, codeOfStatus(status, namesModel), message.toString());
}

/** Whether a content type is that of a message that a client may see. */
export function isText(type: Bytes): bool {
  return type.slice(0, TEXT_PLAIN.length).equalsIgnoreCase(TEXT_PLAIN);
}

/** An error without the vendor's message: for pages and empty bodies. */
export function generalError(protocol: ClientProtocol, status: i32, namesModel: bool): Bytes {
  return protocol.errorBody(
    status,
    codeOfStatus(status, namesModel),
    "the model's service answered with status " + status.toString(),
  );
}

/** The error for an answer that finds no room here and can be the client's in no other way. */
export const TOO_LARGE_CODE = "upstream_too_large";
export const TOO_LARGE_WORDS = "the answer is larger than the limit";

/** The body of that error. */
export function tooLargeError(protocol: ClientProtocol): Bytes {
  return protocol.errorBody(502, TOO_LARGE_CODE, TOO_LARGE_WORDS);
}

/** The first string or number that is not empty. */
function firstText(document: JsonDocument, paths: Bytes[][]): Bytes {
  for (let i = 0; i < paths.length; i++) {
    const node = nodeAt(document, paths[i]);
    const kind = document.kind(node);
    if (kind == Kind.Number) return document.raw(node);
    if (kind == Kind.String && document.text(node).length > 0) return document.text(node);
  }
  return Bytes.empty();
}

/** Keeps the data of the first event that has some. */
class FirstData implements SseFrameHandler {
  data: Bytes = Bytes.empty();

  onFrame(frame: Bytes): void {
    if (this.data.length == 0) this.data = frameData(frame).copy();
  }
}

/** The data of the first event of a stream; empty when there is none. */
function firstData(stream: Bytes): Bytes {
  const first = new FirstData();
  const frames = new SseFrames(stream.length);
  frames.push(stream, first);
  frames.end(first);
  return first.data;
}

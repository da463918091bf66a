import { Bytes } from "../../proxy-wasm/bytes";
import { JsonWriter } from "../../json/writer";

const OPEN = Bytes.of('{"error":{"code":');
const MESSAGE = Bytes.of(',"message":');
const STATUS = Bytes.of(',"status":');
const CLOSE = Bytes.of("}}");

/** The JSON of an error in Google's form (`google.rpc.Status`). */
export function googleError(status: i32, message: string): Bytes {
  const text = Bytes.of(message);
  const out = new JsonWriter(text.length + 128).piece(OPEN).number(status);
  out.piece(MESSAGE).string(text).piece(STATUS);
  return out
    .string(Bytes.of(googleStatus(status)))
    .piece(CLOSE)
    .toBytes();
}

/** The `google.rpc.Code` for an HTTP status. */
function googleStatus(status: i32): string {
  switch (status) {
    case 401:
      return "UNAUTHENTICATED";
    case 402:
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "NOT_FOUND";
    case 409:
      return "ABORTED";
    case 408:
    case 504:
      return "DEADLINE_EXCEEDED";
    case 429:
      return "RESOURCE_EXHAUSTED";
    case 499:
      return "CANCELLED";
    case 501:
      return "UNIMPLEMENTED";
    case 502:
    case 503:
    case 529:
      return "UNAVAILABLE";
    default:
      return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
  }
}

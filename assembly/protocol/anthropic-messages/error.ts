import { Bytes } from "../../proxy-wasm/bytes";
import { isOverflow, tokensIn } from "../../chat/overflow";
import { JsonWriter } from "../../json/writer";
import { recoverable } from "./recovery";

const OPEN = Bytes.of('{"type":"error","error":{"type":');
const MESSAGE = Bytes.of(',"message":');
const TOO_LONG = "prompt is too long";
const CLOSE = Bytes.of("}}");

/**
 * The JSON of an error in Anthropic's form, which has no place for a code. An exceeded context window, and what
 * clients leave out after a refusal, is reported in Anthropic's words, on which they act.
 */
export function anthropicError(status: i32, code: string, message: string): Bytes {
  const isLong = isOverflow(status, code, message) && !message.startsWith(TOO_LONG);
  const text = Bytes.of(isLong ? tooLong(message) : recoverable(message));
  const out = new JsonWriter(text.length + 128);
  out
    .piece(OPEN)
    .string(Bytes.of(anthropicErrorType(status)))
    .piece(MESSAGE);
  return out.string(text).piece(CLOSE).toBytes();
}

function tooLong(message: string): string {
  const tokens = tokensIn(message);
  if (tokens.length < 2) return TOO_LONG + ": " + message;
  return TOO_LONG + ": " + tokens[0].toString() + " tokens > " + tokens[1].toString() + " maximum";
}

/** Anthropic's error type for an HTTP status. */
function anthropicErrorType(status: i32): string {
  switch (status) {
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
    case 529:
      return "overloaded_error";
    default:
      return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

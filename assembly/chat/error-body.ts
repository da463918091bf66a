import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { writeString } from "../json/writer";

const OPENAI_OPEN = Bytes.of('{"error":{"message":');
const ANTHROPIC_OPEN = Bytes.of('{"type":"error","error":{"type":');
const TYPE = Bytes.of(',"type":');
const MESSAGE = Bytes.of(',"message":');
const PARAM_CODE = Bytes.of(',"param":null,"code":');
const CLOSE = Bytes.of("}}");

/** The protocol that a client speaks, for the shape of errors. */
export namespace ClientProtocol {
  export const OpenAi: i32 = 0;
  export const Anthropic: i32 = 1;
  /** OpenAI's Responses API; its errors are those of OpenAI's other APIs. */
  export const Responses: i32 = 2;
}

/**
 * The JSON of an error as the client expects it. `code`: a word that programs can test; Anthropic's
 * form has no place for it.
 */
export function errorBody(protocol: i32, status: i32, code: string, message: string): Bytes {
  const text = Bytes.of(message);
  const out = new ByteWriter(text.length + 128);
  if (protocol == ClientProtocol.Anthropic) {
    writeString(out.bytes(ANTHROPIC_OPEN), Bytes.of(anthropicErrorType(status))).bytes(MESSAGE);
    return writeString(out, text).bytes(CLOSE).toBytes();
  }
  writeString(out.bytes(OPENAI_OPEN), text).bytes(TYPE);
  writeString(out, Bytes.of(openAiErrorType(status))).bytes(PARAM_CODE);
  return writeString(out, Bytes.of(code)).bytes(CLOSE).toBytes();
}

/** OpenAI's error type for an HTTP status. */
export function openAiErrorType(status: i32): string {
  switch (status) {
    case 401:
      return "authentication_error";
    case 402:
      return "insufficient_quota";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_exceeded";
    default:
      return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

/** The HTTP status that an error type of OpenAI's means; 0 when it is none of `openAiErrorType`. */
export function statusOfOpenAiError(type: Bytes): i32 {
  for (let i = 0; i < STATUSES.length; i++) {
    if (type.equals(Bytes.of(openAiErrorType(STATUSES[i])))) return STATUSES[i];
  }
  return 0;
}

/** One status for each type. */
const STATUSES: i32[] = [400, 401, 402, 403, 404, 413, 429];

/** Anthropic's error type for an HTTP status. */
export function anthropicErrorType(status: i32): string {
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

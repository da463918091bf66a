import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { overflowCode, overflowMessage } from "./overflow";
import { JsonWriter } from "../json/writer";
import { parseDecimal } from "../text/decimal";
import * as names from "./names";

const OPEN = Bytes.of('{"error":{"message":');
const TYPE = Bytes.of(',"type":');
const PARAM_CODE = Bytes.of(',"param":null,"code":');
const CLOSE = Bytes.of("}}");
const CODE = Bytes.of("code");
const STATUS = Bytes.of("status");

/** The JSON of an error in OpenAI's form. `code`: a machine-readable code. */
export function openAiError(status: i32, code: string, message: string): Bytes {
  const text = Bytes.of(overflowMessage(status, code, message));
  const out = new JsonWriter(text.length + 128);
  out.piece(OPEN).string(text).piece(TYPE);
  out.string(Bytes.of(openAiErrorType(status))).piece(PARAM_CODE);
  return out
    .string(Bytes.of(overflowCode(status, code, message)))
    .piece(CLOSE)
    .toBytes();
}

/**
 * Whether a document is an error in OpenAI's form; one whose `type` is `error` is Anthropic's, one with a number
 * and a word for its status Google's.
 */
export function isOpenAiError(document: JsonDocument): bool {
  const error = document.member(0, names.ERROR);
  if (document.kind(error) != Kind.Object) return false;
  const isNumbered = document.kind(document.member(error, CODE)) == Kind.Number;
  if (isNumbered && document.kind(document.member(error, STATUS)) == Kind.String) return false;
  return !document.text(document.member(0, names.TYPE)).equals(names.ERROR);
}

/**
 * OpenAI's code for an error of which only the HTTP status is known, and whose vendor names none. `namesModel`:
 * whether what is missing can be the model.
 */
export function codeOfStatus(status: i32, namesModel: bool): string {
  if (status == 404) return namesModel ? "model_not_found" : "not_found";
  return status == 429 ? "rate_limit_exceeded" : "upstream_error";
}

/** OpenAI's error type for an HTTP status. */
function openAiErrorType(status: i32): string {
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

/** The HTTP status of one of OpenAI's error types; 0 for one that `openAiErrorType` does not return. */
function statusOfOpenAiError(type: Bytes): i32 {
  for (let i = 0; i < STATUSES.length; i++) {
    if (type.equals(Bytes.of(openAiErrorType(STATUSES[i])))) return STATUSES[i];
  }
  return 0;
}

/** The HTTP status that an error inside an answer means, by its code or type; 502 when it does not say. */
export function statusOfError(document: JsonDocument, error: i32): i32 {
  const code = document.member(error, CODE);
  const status = document.kind(code) == Kind.Number ? parseDecimal(document.raw(code), 0) : 0;
  if (status >= 400 && status < 600) return <i32>status;
  const meant = statusOfOpenAiError(document.text(document.member(error, names.TYPE)));
  return meant > 0 ? meant : 502;
}

/** One status for each type. */
const STATUSES: i32[] = [400, 401, 402, 403, 404, 413, 429];

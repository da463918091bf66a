import { ByteBudget } from "../../proxy-wasm/body-buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { responseHeaders } from "../../proxy-wasm/header-map";
import { CacheControl } from "../../http/cache-control";
import { isEventStreamType, isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { StoreResult } from "../reasons";
import { AnswerCapture, JsonCapture, StreamCapture } from "./answer-capture";

/** The other success statuses do not hold a chat completion. */
const STATUS_OK = Bytes.of("200");

/** Why the last call of `openCapture` gave none. */
export let captureFault: string = "";

/**
 * Begins to capture the response whose headers are current; null with `captureFault` set when its
 * headers say that it is not to be stored. `limit`: bytes of an answer. `protocol`: `ClientProtocol`.
 */
export function openCapture(limit: i32, budget: ByteBudget, protocol: i32): AnswerCapture | null {
  captureFault = faultOfHeaders();
  if (captureFault.length > 0) return null;
  const type = responseHeaders.get(header.CONTENT_TYPE);
  if (type !== null && isEventStreamType(type)) return new StreamCapture(limit, budget, protocol);
  if (type !== null && isJsonType(type)) return new JsonCapture(limit, budget, protocol);
  captureFault = StoreResult.ContentType;
  return null;
}

function faultOfHeaders(): string {
  const status = responseHeaders.get(header.STATUS);
  if (status === null || !status.equals(STATUS_OK)) return StoreResult.Status;
  if (responseHeaders.get(header.CONTENT_ENCODING) !== null) return StoreResult.ContentEncoding;
  const control = responseHeaders.get(header.CACHE_CONTROL);
  return control !== null && CacheControl.parse(control).noStore ? StoreResult.NoStore : "";
}

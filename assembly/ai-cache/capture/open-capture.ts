import { ByteBudget } from "../../proxy-wasm/body-buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot, responseHeaders } from "../../proxy-wasm/header-map";
import { CacheControl } from "../../http/cache-control";
import { isEventStreamType, isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { responseDetails, VIA_UPSTREAM } from "../../rules/request-facts";
import { CacheConfig } from "../config/cache-config";
import { StoreResult } from "../reasons";
import { AnswerCapture, JsonCapture, StreamCapture } from "./answer-capture";
import { varies } from "./vary";

/** The other success statuses do not hold a chat completion. */
const STATUS_OK = Bytes.of("200");

/** Why the last call of `openCapture` gave none. */
export let captureFault: string = "";

/**
 * Begins to capture the response whose headers are current; null with `captureFault` set when its
 * headers say that it is not to be stored. `isShared`: whether askers share it who are not told apart.
 * `protocol`: `ClientProtocol`.
 */
export function openCapture(
  config: CacheConfig,
  isShared: bool,
  budget: ByteBudget,
  protocol: i32,
): AnswerCapture | null {
  const headers = responseHeaders.snapshot();
  captureFault = faultOf(headers, config, isShared);
  if (captureFault.length > 0) return null;
  const limit = config.maxAnswerBytes;
  const type = headers.get(header.CONTENT_TYPE);
  if (type !== null && isEventStreamType(type)) return new StreamCapture(limit, budget, protocol);
  if (type !== null && isJsonType(type)) return new JsonCapture(limit, budget, protocol);
  captureFault = StoreResult.ContentType;
  return null;
}

function faultOf(headers: HeaderSnapshot, config: CacheConfig, isShared: bool): string {
  const status = headers.get(header.STATUS);
  if (status === null || !status.equals(STATUS_OK)) return StoreResult.Status;
  const details = responseDetails();
  if (details.length > 0 && !details.equals(VIA_UPSTREAM)) return StoreResult.Local;
  if (headers.has(header.CONTENT_ENCODING)) return StoreResult.ContentEncoding;
  const control = CacheControl.of(headers.all(header.CACHE_CONTROL));
  if (control.noStore) return StoreResult.NoStore;
  if (control.isPrivate && isShared) return StoreResult.Private;
  return varies(headers.all(header.VARY), config) ? StoreResult.Vary : "";
}

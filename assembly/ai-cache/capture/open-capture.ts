import { ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { CacheControl } from "../../http/cache-control";
import { isEncoded } from "../../http/content-coding";
import { isUtf8 } from "../../http/media-type";
import * as header from "../../http/names";
import { responseDetails, VIA_UPSTREAM } from "../../rules/request-facts";
import { CacheConfig } from "../config/cache-config";
import { AnswerCapture } from "../form/answer-capture";
import { RequestShape } from "../request/request-shape";
import { StoreResult } from "../report/reasons";
import { varies } from "./vary";

/** Other success statuses have no complete answer. */
const STATUS_OK = Bytes.of("200");
const ANY_CLUSTER = Bytes.of("*");

/**
 * Why the answer with these headers is not cached (`StoreResult`); empty when it may be. `isShared`:
 * whether anonymous clients share it. `cluster`: where it comes from.
 */
export function captureFault(
  headers: HeaderSnapshot,
  config: CacheConfig,
  isShared: bool,
  cluster: Bytes,
): string {
  const status = headers.get(header.STATUS);
  if (status === null || !status.equals(STATUS_OK)) return StoreResult.Status;
  const details = responseDetails();
  if (details.length > 0 && !details.equals(VIA_UPSTREAM)) return StoreResult.Local;
  if (headers.has(header.CONTENT_RANGE)) return StoreResult.Status;
  if (!isUtf8(headers.all(header.CONTENT_TYPE))) return StoreResult.ContentType;
  if (isEncoded(headers)) return StoreResult.ContentEncoding;
  const control = CacheControl.of(headers.all(header.CACHE_CONTROL));
  if (control.noStore && !ignoresNoStore(config, cluster)) return StoreResult.NoStore;
  if (control.isPrivate && isShared) return StoreResult.Private;
  return varies(headers.all(header.VARY), config) ? StoreResult.Vary : "";
}

/**
 * Begins to capture an answer without `captureFault`; null when its content type is not the requested one.
 * `limit`: largest answer in bytes. `share`: the budget that counts them. `shape`: of the request.
 */
export function openCapture(
  headers: HeaderSnapshot,
  limit: i32,
  share: ByteShare,
  shape: RequestShape,
): AnswerCapture | null {
  const type = headers.getOrEmpty(header.CONTENT_TYPE);
  return shape.form.capture(type, limit, share, shape.includeUsage);
}

/**
 * Seconds for which the answer with these headers may be served stale instead of an error, −1 if
 * unspecified. Where `no-store` is ignored, so is `no-cache`: servers send both with every stream.
 */
export function staleGrantedBy(headers: HeaderSnapshot, config: CacheConfig, cluster: Bytes): i64 {
  const control = CacheControl.of(headers.all(header.CACHE_CONTROL));
  if (control.noCache && ignoresNoStore(config, cluster)) control.noCache = false;
  return control.staleGranted;
}

/** Whether the operator has configured that `no-store` from `cluster` is ignored. */
function ignoresNoStore(config: CacheConfig, cluster: Bytes): bool {
  const clusters = config.ignoresNoStoreOf;
  for (let i = 0; i < clusters.length; i++) {
    if (clusters[i].equals(ANY_CLUSTER) || (cluster.length > 0 && clusters[i].equals(cluster))) {
      return true;
    }
  }
  return false;
}

import { LocalReply } from "../../proxy-wasm/local-reply";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";
import { CacheConfig } from "../config/cache-config";
import { RequestShape } from "../request/request-shape";
import { AnswerRecord } from "../store/record";
import { replayBody } from "./replay";

const DETAILS_HIT = "ai_cache_hit";

/**
 * The reply with a stored answer, without `Cache-Status`; null when the answer cannot be written as
 * this client wants it. `now`: seconds.
 */
export function hitReply(
  config: CacheConfig,
  shape: RequestShape,
  record: AnswerRecord,
  now: u64,
): LocalReply | null {
  const body = replayBody(record.answer, shape, config);
  if (body === null) return null;
  const reply = new LocalReply(200, DETAILS_HIT);
  const type = shape.stream && !shape.streamsArray ? header.EVENT_STREAM_UTF8 : header.JSON_UTF8;
  reply.headers.add(header.CONTENT_TYPE, type);
  reply.headers.add(header.AGE, formatDecimal(record.age(now)));
  reply.body = body;
  return reply;
}

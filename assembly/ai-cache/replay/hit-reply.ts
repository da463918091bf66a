import { LocalReply } from "../../proxy-wasm/local-reply";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";
import { CacheConfig } from "../config/cache-config";
import { ReplyBody } from "../form/answer-form";
import { RequestShape } from "../request/request-shape";
import { AnswerRecord } from "../store/record";

const DETAILS_HIT = "ai_cache_hit";
const DETAILS_STALE = "ai_cache_stale";

/**
 * The reply with a cached answer, without `Cache-Status`; null when it cannot be replayed for this client.
 * `now`: seconds.
 */
export function hitReply(
  config: CacheConfig,
  shape: RequestShape,
  record: AnswerRecord,
  now: u64,
): LocalReply | null {
  const stream = shape.stream;
  const template = stream ? config.streamTemplate : config.template;
  const body = shape.form.reply(record.answer, stream, shape.includeUsage, template);
  if (body === null) return null;
  return replyOf(body, record.age(now), record.isExpired(now) ? DETAILS_STALE : DETAILS_HIT);
}

/** The reply with `body`, `age` seconds old. */
export function replyOf(body: ReplyBody, age: u64, details: string = DETAILS_HIT): LocalReply {
  const reply = new LocalReply(200, details);
  reply.headers.add(header.CONTENT_TYPE, body.type);
  reply.headers.add(header.AGE, formatDecimal(age));
  reply.body = body.body;
  return reply;
}

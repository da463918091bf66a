import { CacheControl } from "../../http/cache-control";
import { CacheConfig } from "../config/cache-config";
import { QuestionKind } from "../life/change-model";
import { LifeMode } from "../life/life-config";
import { kindOf } from "../life/question-kind";
import { AnswerRecord } from "../store/record";

/**
 * Whether a status means that the service has failed: those of RFC 5861, section 4, Cloudflare's for an
 * origin server (520 to 530), and Anthropic's 529, "overloaded".
 */
export function isFailure(status: i64): bool {
  return status == 500 || (status >= 502 && status <= 504) || (status >= 520 && status <= 530);
}

/** Keeps a record for as long as it may be served instead of an error. */
export function keepForErrors(config: CacheConfig, record: AnswerRecord): void {
  const most = config.life.staleIfError;
  if (most == 0 || record.expires == 0 || record.staleFor == 0) return;
  record.kept = max(record.kept, record.expires + most);
}

/**
 * Until when (seconds since 1970) a record may be served instead of an error: as long as operator, client
 * and the answer's own headers all allow. Answers about the present are limited to twice their learned
 * lifetime, and are not served at all if none has been learned.
 */
export function staleUntil(
  config: CacheConfig,
  directives: CacheControl,
  record: AnswerRecord,
): u64 {
  const life = config.life;
  let most = life.staleIfError;
  if (directives.staleTaken >= 0) most = min(most, <u64>directives.staleTaken);
  if (record.staleFor >= 0) most = min(most, <u64>record.staleFor);
  if (kindOf(record.question, life.timely) == QuestionKind.Timely) {
    const isLearned = life.mode == LifeMode.Learn && record.expires > record.created;
    most = isLearned ? min(most, record.expires - record.created) : 0;
  }
  return record.expires + most;
}

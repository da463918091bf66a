import { CacheControl } from "../../http/cache-control";
import { CacheConfig } from "../config/cache-config";
import { QuestionKind } from "../life/change-model";
import { LifeMode } from "../life/life-config";
import { kindOf } from "../life/question-kind";
import { AnswerRecord } from "../store/record";

/**
 * Whether an answer with this status says that the service has failed: what RFC 5861, 4, names, what Cloudflare's edge
 * says of a server behind it (520 to 530), and Anthropic's 529, "overloaded".
 */
export function isFailure(status: i64): bool {
  return status == 500 || (status >= 502 && status <= 504) || (status >= 520 && status <= 530);
}

/** Lets a record be kept for as long as it may stand in for an error. */
export function keepForErrors(config: CacheConfig, record: AnswerRecord): void {
  const most = config.life.staleIfError;
  if (most == 0 || record.expires == 0 || record.staleFor == 0) return;
  record.kept = max(record.kept, record.expires + most);
}

/**
 * Until when (seconds since 1970) a record may be served in place of an error: for as long as operator, client and the
 * answer's own headers all allow. One about what is so now may have no more than twice the life that its kind has
 * earned, and where none is learned it may not be served at all.
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

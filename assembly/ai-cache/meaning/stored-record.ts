import { decodeBase64 } from "../../text/base64";
import { CacheKey } from "../key/cache-key";
import { textRecord } from "../store/text-record";
import { AnswerRecord, TEXT_LIFE } from "../store/record";
import { StoredAnswer } from "../vector-store/reply";

/** The record of a result: the stored one, else one built from the answer's text. */
export function storedRecord(key: CacheKey, result: StoredAnswer, now: u64): AnswerRecord | null {
  if (result.record.length > 0) {
    const data = decodeBase64(result.record);
    return data === null ? null : AnswerRecord.decode(data);
  }
  return textRecord(
    key,
    result.question.copy(),
    result.answer,
    result.expires == 0 ? now + TEXT_LIFE : result.expires,
    now,
  );
}

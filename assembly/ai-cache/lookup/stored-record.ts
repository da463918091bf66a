import { Bytes } from "../../proxy-wasm/bytes";
import { decodeBase64 } from "../../text/base64";
import { CacheKey } from "../key/cache-key";
import { DEFAULT_TEMPLATE, fillTemplate } from "../replay/template";
import { AnswerRecord, TEXT_LIFE } from "../store/record";
import { StoredAnswer } from "../vector-store/reply";

const NO_MODEL = Bytes.of("from-cache");
const TEMPLATE = Bytes.of(DEFAULT_TEMPLATE);

/** The record of a result: as it was stored, else made of the answer's text. */
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

/**
 * A record of an answer of which only the text is known; null when that is blank. `question`: what it
 * was stored for.
 */
export function textRecord(
  key: CacheKey,
  question: Bytes,
  text: Bytes,
  expires: u64,
  now: u64,
): AnswerRecord | null {
  if (text.trim().length == 0) return null;
  const answer = fillTemplate(TEMPLATE, text);
  return new AnswerRecord(key.digest, now, expires, question, NO_MODEL, answer);
}

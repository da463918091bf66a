import { Bytes } from "../../proxy-wasm/bytes";
import { CacheKey } from "../key/cache-key";
import { AnswerRecord } from "./record";
import { DEFAULT_TEMPLATE, fillTemplate } from "./template";

const NO_MODEL = Bytes.of("from-cache");
const TEMPLATE = Bytes.of(DEFAULT_TEMPLATE);

/** A record of an answer with only its text; null when it is blank. `question`: its question. */
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

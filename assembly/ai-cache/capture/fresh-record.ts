import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { encodeBase64 } from "../../text/base64";
import { scopeOf } from "../answers/answers";
import { CacheConfig } from "../config/cache-config";
import { CacheKey } from "../key/cache-key";
import { KeyMode } from "../key/key-mode";
import { RequestShape } from "../request/request-shape";
import { Services } from "../services/services";
import { AnswerRecord } from "../store/record";
import { textOf } from "../store/remote-store";
import { Vector } from "../vector/vector";
import { CapturedAnswer } from "../form/answer-capture";

/** Writes a fresh answer to the vector store. */
export function putVector(
  root: RootContext,
  services: Services,
  key: CacheKey,
  record: AnswerRecord,
  vector: Vector | null,
): void {
  const store = services.vectorStore;
  if (store === null || vector === null || vector.json.length == 0) return;
  const text = textOf(record);
  if (text.length == 0 || key.question.length == 0) return;
  const isFull = services.config.keyMode == KeyMode.Full;
  const data = isFull ? encodeBase64(record.encode()) : Bytes.empty();
  const scope = scopeOf(key);
  store.put(root, vector.json, scope, key, text, data, record.expires);
}

/** The record of a fresh answer. */
export function newRecord(
  config: CacheConfig,
  key: CacheKey,
  shape: RequestShape,
  answer: CapturedAnswer,
): AnswerRecord {
  const now = nowSeconds();
  const expires = expiry(config, shape.form.longestLife, now);
  const record = new AnswerRecord(key.digest, now, expires, key.question, shape.model, answer.json);
  const usage = answer.usage;
  record.input = usage.input;
  record.cached = usage.cached;
  record.output = usage.output;
  const cost = config.prices.costOf(shape.model, usage.input, usage.cached, usage.output);
  record.cost = cost > 0 ? cost : usage.cost(config.policy.outputWeight);
  return record;
}

/** When an answer of `now` expires, 0 for never. `longest`: seconds, 0 for no limit. */
export function expiry(config: CacheConfig, longest: u64, now: u64): u64 {
  const life = longest > 0 && (config.ttl == 0 || longest < config.ttl) ? longest : config.ttl;
  return life == 0 ? 0 : now + life;
}

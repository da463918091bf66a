import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";
import { CacheConfig } from "../config/cache-config";
import { CacheKey } from "../key/cache-key";
import { agreementOf, DEFAULT_THRESHOLD } from "../life/agreement";
import { countObservation, recordKindNoise, recordLife } from "../report/metrics";
import { AnswerRecord } from "../store/record";
import { answerTextOf } from "../store/answer-text";
import { fingerprintOf } from "../store/slot-meta";
import { QuestionKind } from "../life/change-model";
import { Learner, NO_WAIT } from "../life/learner";
import { LifeMode } from "../life/life-config";
import { KIND_NAMES, kindOf } from "../life/question-kind";

/**
 * An expired answer is kept for this many more lifetimes and seconds, to be compared with its replacement.
 */
const KEPT_LIVES: u64 = 4;
const KEPT_SECONDS: u64 = 30 * 86_400;

/** The class of a question, by which lifetimes are learned. */
class Kind {
  readonly kind: QuestionKind;
  readonly id: u64;

  constructor(config: CacheConfig, key: CacheKey, model: Bytes) {
    this.kind = kindOf(key.question, config.life.timely);
    this.id = xxhash64(model, xxhash64(config.ruleIdentity, <u64>this.kind + 1));
  }
}

/** Assigns lifetimes to cached answers, and learns from the answers that they replace. */
export class AnswerLife {
  constructor(private readonly learner: Learner) {}

  /**
   * Sets the lifetime of a fresh answer. `previous`: the answer that it replaces, which may have expired;
   * null when there is none to compare with. `now`: seconds.
   */
  settle(
    config: CacheConfig,
    key: CacheKey,
    record: AnswerRecord,
    previous: AnswerRecord | null,
    now: u64,
  ): void {
    const life = config.life;
    if (life.mode == LifeMode.Fixed) return;
    const question = new Kind(config, key, record.model);
    const fingerprint = fingerprintOf(key.digest);
    if (previous !== null) this.observe(key, question, record, previous, now);
    const learned = this.learner.lifeFor(fingerprint, question.id, question.kind, life.limits);
    recordLife(<u64>learned.seconds, KIND_NAMES[<i32>question.kind]);
    record.profile = this.learner.profileOf(fingerprint);
    if (life.mode != LifeMode.Learn) return;
    const seconds = <u64>learned.seconds;
    record.expires = now + seconds;
    record.staleness = <u32>nearest<f64>(learned.staleShare * 1e6);
    record.kept = now + min(KEPT_LIVES * seconds, seconds + KEPT_SECONDS);
  }

  /** Adopts what the Envoy that cached an answer had learned about its question. */
  adopt(key: CacheKey, record: AnswerRecord): void {
    this.learner.adopt(fingerprintOf(key.digest), record.profile, <u32>record.created);
  }

  /** The least score at which answers to this question agree. */
  thresholdFor(config: CacheConfig, key: CacheKey, model: Bytes): i32 {
    if (config.life.mode == LifeMode.Fixed) return DEFAULT_THRESHOLD;
    const question = new Kind(config, key, model);
    return this.learner.thresholdFor(question.id, question.kind, DEFAULT_THRESHOLD);
  }

  private observe(
    key: CacheKey,
    question: Kind,
    record: AnswerRecord,
    previous: AnswerRecord,
    now: u64,
  ): void {
    // An answer to another key, or from a clock that was ahead, is no evidence.
    if (!previous.digest.equals(key.digest) || previous.created > now) return;
    const old = answerTextOf(previous.answer);
    const fresh = answerTextOf(record.answer);
    if (old === null || fresh === null || !old.model.equals(fresh.model)) return;
    const score = agreementOf(old.text, fresh.text);
    const id = question.id;
    const threshold = this.learner.thresholdFor(id, question.kind, DEFAULT_THRESHOLD);
    const differs = score < threshold;
    const fingerprint = fingerprintOf(key.digest);
    const age = now - previous.created;
    const kind = question.kind;
    const waited = previous.isExpired(now) ? <f64>(now - previous.expires) : NO_WAIT;
    this.learner.observe(fingerprint, id, kind, age, score, differs, waited, <u32>now);
    recordKindNoise(KIND_NAMES[<i32>question.kind], this.learner.noise);
    countObservation(KIND_NAMES[<i32>question.kind], !differs);
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { MatchConfig, MatchMode } from "../config/match-config";
import { CacheKey } from "../key/cache-key";
import { Comparison, vetoNames } from "../match/comparison";
import { compareQuestions, parseQuestion, questionIn } from "../match/matcher";
import { guardReason, Reason } from "../reasons";
import { MemoryStore } from "../store/memory-store";
import { AnswerRecord } from "../store/record";
import { Vector } from "../vector/vector";
import { Candidates } from "./candidates";
import { QuestionIndex } from "./question-index";

/** Candidates that are collected before they are ranked. */
const COLLECTED: i32 = 16;
/** Code is matched by equality only. */
const CODE_FENCE = Bytes.of("```");
/** A search by text has no similarity. */
export const NO_SIMILARITY: f32 = -2;

const candidates: Candidates = new Candidates(COLLECTED);
const comparison: Comparison = new Comparison();

/** One request's search for a stored answer by meaning. */
export class MeaningSearch {
  /** The answer that may be served, or in shadow mode would have been; null when there is none. */
  record: AnswerRecord | null = null;
  /** Why there is none: the reason of the likeliest candidate. */
  reason: string = Reason.MissCold;
  /** Cosine similarity of the candidate that `reason` is about. */
  similarity: f32 = NO_SIMILARITY;
  /** Digest of that candidate's key, null when there is none. */
  candidate: Bytes | null = null;
  private vetoes: u32 = 0;
  private readonly block: ArrayBuffer | null;

  constructor(
    private readonly config: MatchConfig,
    private readonly index: QuestionIndex,
    private readonly store: MemoryStore,
    private readonly key: CacheKey,
    /** Greatest age in seconds that the asker accepts, −1 for any. */
    private readonly maxAge: i64,
    /** Seconds. */
    private readonly now: u64,
  ) {
    const isText = key.question.length > 0 && key.question.find(CODE_FENCE) < 0;
    this.block = isText ? parseQuestion(key.question) : null;
  }

  /** The guards that fired between the question and the candidate, separated by blanks. */
  get guards(): string {
    return vetoNames(this.vetoes);
  }

  /** Whether the question can be matched by meaning at all. */
  get isPossible(): bool {
    return this.block !== null;
  }

  /** Searches by the words of the question. Whether `record` was found. */
  byText(): bool {
    const block = this.block;
    if (block === null) return false;
    const question = questionIn(block);
    this.index.findByKey(this.key.partition, question, this.now, candidates);
    if (this.choose(block, false)) return true;
    this.index.findByWords(this.key.partition, question, this.now, candidates);
    return this.choose(block, false);
  }

  /** Searches by the question's vector. Whether `record` was found. */
  byVector(vector: Vector): bool {
    const block = this.block;
    if (block === null) return false;
    const most = this.config.maxCandidates;
    this.index.findByVector(this.key.partition, vector, most, this.now, candidates);
    // The nearest vector tells more than what the words proposed.
    if (candidates.length > 0) this.candidate = null;
    return this.choose(block, true);
  }

  /** Takes the first candidate that passes. */
  private choose(block: ArrayBuffer, hasSimilarity: bool): bool {
    const most = min(candidates.length, this.config.maxCandidates);
    for (let i = 0; i < most; i++) {
      const position = candidates.position(i);
      if (!this.index.isOfPartition(position, this.key.partition)) continue;
      const similarity = hasSimilarity ? candidates.score(i) : NO_SIMILARITY;
      const refusal = this.judge(block, position, similarity);
      if (refusal.length > 0) {
        this.note(refusal, position, similarity);
        continue;
      }
      const record = this.take(position, similarity);
      if (record === null) continue;
      this.record = record;
      return true;
    }
    return false;
  }

  /** Why the candidate may not answer; empty when it may. */
  private judge(block: ArrayBuffer, position: i32, similarity: f32): string {
    const asked = questionIn(block);
    const stored = this.index.questionAt(position);
    const mode = this.config.mode;
    compareQuestions(asked, stored, comparison);
    const sameScope = this.index.isOfScope(position, this.key.scope);
    if (!sameScope && !(asked.standalone && stored.standalone && comparison.isStrict)) {
      return Reason.MissHistory;
    }
    const isNear = similarity != NO_SIMILARITY && <f64>similarity >= this.config.threshold;
    if (mode == MatchMode.Off && similarity != NO_SIMILARITY) {
      return isNear ? "" : Reason.MissSimilarity;
    }
    if (comparison.isStrict) return "";
    if (comparison.vetoes != 0) return guardReason(comparison.reason);
    if (mode == MatchMode.Strict || similarity == NO_SIMILARITY) return Reason.MissLeftover;
    if (!isNear) return Reason.MissSimilarity;
    if (comparison.isSubstitution) return Reason.MissSubstitution;
    return mode == MatchMode.Balanced && comparison.isInsertion ? Reason.MissInsertion : "";
  }

  /** Keeps the reason of the first candidate, if that one is near enough to be worth a word. */
  private note(reason: string, position: i32, similarity: f32): void {
    if (this.candidate !== null) return;
    if (similarity == NO_SIMILARITY && comparison.matched * 2 < comparison.size) return;
    this.reason = reason;
    this.describe(position, similarity);
  }

  private describe(position: i32, similarity: f32): void {
    this.candidate = this.index.digestAt(position);
    this.similarity = similarity;
    this.vetoes = comparison.vetoes;
  }

  /** The candidate's record, if it is still there and fresh enough. */
  private take(position: i32, similarity: f32): AnswerRecord | null {
    const record = this.store.get(this.index.digestAt(position), this.now);
    if (record === null || record.isExpired(this.now)) return null;
    if (this.maxAge >= 0 && record.age(this.now) > <u64>this.maxAge) {
      this.note(Reason.MissMaxAge, position, similarity);
      return null;
    }
    this.describe(position, similarity);
    return record;
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { MatchConfig, MatchMode } from "../config/match-config";
import { CacheKey } from "../key/cache-key";
import { Comparison, vetoNames } from "../../match/question/comparison";
import { Ruling } from "../limit/error-limit";
import { Source } from "../limit/stratum";
import { parseQuestion, questionIn } from "../../match/matcher";
import { Reason } from "../report/reasons";
import { NO_SIMILARITY } from "../report/similarity";
import { MemoryStore } from "../store/memory-store";
import { AnswerRecord } from "../store/record";
import { StoredAnswer } from "../vector-store/reply";
import { Vector } from "../vector/vector";
import { Candidates } from "./candidates";
import { QuestionIndex } from "./question-index";
import { storedRecord } from "./stored-record";
import { judge } from "./verdict";

/** Most candidates collected before ranking. */
const COLLECTED: i32 = 16;
/** Code is matched exactly only. */
const CODE_FENCE = Bytes.of("```");
const candidates: Candidates = new Candidates(COLLECTED);
const comparison: Comparison = new Comparison();

/** The score of what words alone do not show. */
const MIN_SCORE: f64 = 0.5;

/** The semantic search of one request. */
export class MeaningSearch {
  /** The record that may be served, or would have been in shadow mode; null for none. */
  record: AnswerRecord | null = null;
  /** Why there is none, for the likeliest candidate. */
  reason: string = Reason.MissCold;
  /** A question of the external store whose answer has expired, null for none. */
  expired: Bytes | null = null;
  /** Cosine similarity of the candidate that `reason` is about. */
  similarity: f32 = NO_SIMILARITY;
  /** How likely the record answers the question, from 0.5 to 1; orders those of one source. */
  score: f64 = 0;
  /** How the record was found. */
  source: Source = Source.Text;
  /** The ruling of a limit on the record; null for none. */
  ruling: Ruling | null = null;
  /** Digest of that candidate's key, null when there is none. */
  candidate: Bytes | null = null;
  /**
   * Digest of the likeliest candidate that no guard rejects but that is not similar enough, because words
   * are left over. Null for none.
   */
  arguable: Bytes | null = null;
  private vetoes: u32 = 0;
  /** Whether a more similar result of the external store was rejected. */
  private refusedNearer: bool = false;
  private readonly block: ArrayBuffer | null;

  constructor(
    private readonly config: MatchConfig,
    private readonly index: QuestionIndex,
    private readonly store: MemoryStore,
    private readonly key: CacheKey,
    /** Greatest age in seconds that the client accepts, −1 for any. */
    private readonly maxAge: i64,
    /** Seconds. */
    private readonly now: u64,
  ) {
    const isText = key.question.length > 0 && key.question.find(CODE_FENCE) < 0;
    let block: ArrayBuffer | null = isText ? parseQuestion(key.question) : null;
    // If only similarity decides, the text is not checked.
    if (block !== null && config.mode != MatchMode.Off && !questionIn(block).isExplained) {
      block = null;
      this.reason = Reason.MissGuardText;
    }
    this.block = block;
  }

  /** The guards that fired between question and candidate, space-separated. */
  get guards(): string {
    return vetoNames(this.vetoes);
  }

  /** Whether the question can be matched by meaning at all. */
  get isPossible(): bool {
    return this.block !== null;
  }

  /** The question is stored now, and this worker's index will take it in. */
  noteStored(): void {
    const block = this.block;
    if (block !== null) this.index.parsed.remember(this.key.question, block);
  }

  /** Searches by the text of the question. Whether `record` was found. */
  byText(): bool {
    const block = this.block;
    if (block === null) return false;
    const question = questionIn(block);
    this.index.findByKey(this.key.partition, question, this.now, candidates);
    if (this.choose(block, Source.Text)) {
      // Equal except for their order, their endings and synonyms.
      this.score = 1;
      return true;
    }
    this.index.findByText(this.key.partition, question, this.now, candidates);
    return this.choose(block, Source.Text);
  }

  /** Searches by the question's vector. Whether `record` was found. */
  byVector(vector: Vector): bool {
    const block = this.block;
    if (block === null) return false;
    const most = this.config.maxCandidates;
    this.index.findByVector(this.key.partition, vector, most, this.now, candidates);
    // The nearest vector is better evidence than the candidates by text.
    if (candidates.length > 0) this.candidate = null;
    return this.choose(block, Source.Vector);
  }

  /**
   * Searches what an outside store has found. `scope`: hex, what an entry must carry; empty where
   * entries carry none. Whether `record` was found.
   */
  byResults(results: StoredAnswer[], scope: string): bool {
    const block = this.block;
    if (block === null) return false;
    const wanted = Bytes.of(scope);
    for (let i = 0; i < results.length; i++) {
      const result = results[i];
      if (scope.length > 0 && !result.scope.equals(wanted)) continue;
      if (result.expires != 0 && result.expires <= this.now) {
        if (this.expired === null) this.expired = result.question.copy();
        continue;
      }
      const stored = parseQuestion(result.question);
      if (stored === null) continue;
      const similarity = <f32>result.similarity;
      // Of another history only self-contained questions are taken; the entries do not contain their history.
      const sameScope = !this.config.standalone || scope.length == 0;
      const asked = questionIn(block);
      const refusal = judge(
        this.config,
        asked,
        questionIn(stored),
        sameScope,
        similarity,
        comparison,
      );
      if (refusal.length > 0) {
        this.noteResult(refusal, similarity);
        continue;
      }
      const record = storedRecord(this.key, result, this.now);
      if (record === null || record.isExpired(this.now)) continue;
      if (this.maxAge >= 0 && record.age(this.now) > <u64>this.maxAge) {
        this.reason = Reason.MissMaxAge;
        continue;
      }
      this.candidate = null;
      this.similarity = similarity;
      this.vetoes = 0;
      this.record = record;
      this.source = Source.Store;
      this.score = <f64>similarity;
      return true;
    }
    return false;
  }

  /** Takes an answer that a judge has found to answer the question. */
  accept(record: AnswerRecord): void {
    this.record = record;
    this.candidate = record.digest;
    this.vetoes = 0;
    this.source = Source.Text;
    this.score = MIN_SCORE;
  }

  /** Keeps the reason of the nearest result. */
  private noteResult(reason: string, similarity: f32): void {
    if (this.refusedNearer) return;
    this.refusedNearer = true;
    this.reason = reason;
    this.candidate = null;
    this.similarity = similarity;
    this.vetoes = comparison.vetoes;
  }

  /** Takes the first candidate that passes. */
  private choose(block: ArrayBuffer, source: Source): bool {
    const hasSimilarity = source == Source.Vector;
    const most = min(candidates.length, this.config.maxCandidates);
    for (let i = 0; i < most; i++) {
      const position = candidates.position(i);
      if (!this.index.isOfPartition(position, this.key.partition)) continue;
      const similarity = hasSimilarity ? candidates.score(i) : NO_SIMILARITY;
      const refusal = this.judge(block, position, similarity);
      if (refusal.length > 0) {
        if (this.arguable === null && isArguable(refusal)) {
          this.arguable = this.index.digestAt(position);
        }
        this.note(refusal, position, similarity);
        continue;
      }
      const record = this.take(position, similarity);
      if (record === null) continue;
      this.record = record;
      this.source = source;
      const score = <f64>candidates.score(i);
      this.score = hasSimilarity ? score : 0.5 + 0.5 * score;
      return true;
    }
    return false;
  }

  /** Why the candidate may not answer; empty when it may. */
  private judge(block: ArrayBuffer, position: i32, similarity: f32): string {
    const stored = this.index.questionAt(position);
    const sameScope = this.index.isOfScope(position, this.key.scope);
    return judge(this.config, questionIn(block), stored, sameScope, similarity, comparison);
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
    const record = this.store.get(this.index.digestAt(position));
    if (record === null || record.isExpired(this.now)) return null;
    if (this.maxAge >= 0 && record.age(this.now) > <u64>this.maxAge) {
      this.note(Reason.MissMaxAge, position, similarity);
      return null;
    }
    this.describe(position, similarity);
    return record;
  }
}

/** Whether a refusal comes from words that are left over, at least half of which have their like. */
function isArguable(refusal: string): bool {
  if (refusal == Reason.MissHistory || comparison.vetoes != 0) return false;
  return !comparison.isStrict && comparison.matched * 2 >= comparison.size;
}

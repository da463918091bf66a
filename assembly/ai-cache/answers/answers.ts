import { Bytes } from "../../proxy-wasm/bytes";
import { toHex } from "../../text/hex";
import { CacheConfig } from "../config/cache-config";
import { KeyMode } from "../key/key-mode";
import { CacheKey } from "../key/cache-key";
import { IndexFeed } from "../meaning/index-feed";
import { MeaningSearch } from "../meaning/meaning-search";
import { QuestionIndex } from "../meaning/question-index";
import { QuestionNote } from "../meaning/question-note";
import { recordIndex, recordStore } from "../report/metrics";
import { StoreResult } from "../report/reasons";
import { Advice } from "../policy/tuner";
import { LearningExchange } from "../learning/exchange";
import { ClassesOfOthers, LabelsOfOthers, Others } from "../learning/others";
import { ClassStore } from "../life/class-store";
import { LimitStore } from "../limit/limit-store";
import { RemoteStore } from "../store/remote-store";
import { Comparer } from "../learning/comparer";
import { ErrorLimit } from "../limit/error-limit";
import { AnswerLife } from "./answer-life";
import { keepForErrors } from "./stale-answer";
import { Learner } from "../life/learner";
import { LifeMode } from "../life/life-config";
import { Popularity } from "../life/profile-store";
import { Vector } from "../vector/vector";
import { MemoryStore, PutResult } from "../store/memory-store";
import { AnswerRecord } from "../store/record";

/** Prefix of the keys of learned data, with the version of their layout. */
const LIFE_PREFIX = "ai-cache/L1/";
const EXCHANGE_PREFIX = "ai-cache/X1/";
const LIMIT_PREFIX = "ai-cache/E1/";

/** Reports to the learner how often keys were requested. */
class KeyCounts extends Popularity {
  constructor(private readonly store: MemoryStore) {
    super();
  }

  countOf(fingerprint: u64): i32 {
    return this.store.countOfFingerprint(fingerprint);
  }
}

/** The answers of a plugin and, where questions are matched by meaning, their index. */
export class Answers {
  private readonly feed: IndexFeed | null;

  /** Their lifetimes. */
  readonly life: AnswerLife;

  /** The limit on wrong semantic hits. */
  readonly limit: ErrorLimit;
  /** Compares answers to learn from. */
  readonly comparer: Comparer;

  /** Exchanges what was learned with other Envoys; null without exchange. */
  exchange: LearningExchange | null = null;

  /**
   * `indexed`: capacity of the index of questions, 0 for none. `reset`: changing it discards what was
   * learned. `remote`: for the exchange, null for none.
   */
  constructor(
    private readonly store: MemoryStore,
    indexed: i32,
    reset: string = "",
    remote: RemoteStore | null = null,
  ) {
    const prefix = LIFE_PREFIX + reset;
    let others: Others | null = null;
    if (remote !== null) others = new Others(EXCHANGE_PREFIX + reset);
    const classes = new ClassStore(prefix, others === null ? null : new ClassesOfOthers(others));
    const limits = new LimitStore(LIMIT_PREFIX + reset);
    const learner = new Learner(classes, prefix, store.maxEntries, new KeyCounts(store));
    this.life = new AnswerLife(learner);
    const limit = new ErrorLimit(limits, others === null ? null : new LabelsOfOthers(others));
    if (remote !== null && others !== null) {
      const own = EXCHANGE_PREFIX + reset;
      this.exchange = new LearningExchange(own, reset, remote, classes, limits, others);
    }
    this.limit = limit;
    this.comparer = new Comparer(limit);
    let feed: IndexFeed | null = null;
    if (indexed > 0) feed = new IndexFeed(store, new QuestionIndex(indexed));
    this.feed = feed;
  }

  /** The record under exactly this key, which may have expired. `now`: seconds. */
  find(key: CacheKey, now: u64): AnswerRecord | null {
    return this.store.get(key.digest, now);
  }

  /** The record under exactly this key, without counting a request; null if another record is there. */
  peek(digest: Bytes): AnswerRecord | null {
    return this.store.peek(digest);
  }

  /** Compares eviction strategies; null when there is no new result. */
  tick(): Advice | null {
    return this.store.tick();
  }

  /** How often a key was requested recently, 15 for 15 or more. */
  countOf(key: CacheKey): i32 {
    return this.store.countOf(key.digest);
  }

  /** Counts a request for a key, hit or miss. */
  touch(key: CacheKey): void {
    this.store.touch(key.digest);
  }

  /**
   * A semantic search; null when it is disabled or the request has no text. `maxAge`: greatest age in
   * seconds, −1 for any.
   */
  search(config: CacheConfig, key: CacheKey, maxAge: i64, now: u64): MeaningSearch | null {
    const feed = this.feed;
    if (feed === null || !config.match.enabled || key.question.length == 0) return null;
    feed.catchUp();
    recordIndex(feed.index.size, feed.index.bytes);
    return new MeaningSearch(config.match, feed.index, this.store, key, maxAge, now);
  }

  /**
   * Stores an answer under its key. `search`: of its request, null when its question is not matched
   * semantically. `vector`: of its question, if known. Returns a `StoreResult`.
   */
  put(
    config: CacheConfig,
    key: CacheKey,
    record: AnswerRecord,
    hasToolCalls: bool,
    search: MeaningSearch | null,
    vector: Vector | null,
  ): string {
    if (hasToolCalls && config.keyMode == KeyMode.Text) return StoreResult.ToolCalls;
    // An answer with tool calls is right for exactly the same request only.
    let note = Bytes.empty();
    if (search !== null && !hasToolCalls) note = noteOf(key, record.expires, vector);
    keepForErrors(config, record);
    const result = this.store.put(record, key.partition, note);
    if (result == PutResult.TooLarge) return StoreResult.TooLarge;
    if (result == PutResult.Contention) return StoreResult.Contention;
    if (search !== null && note.length > 0) search.noteStored();
    this.recordSize();
    return StoreResult.Stored;
  }

  /**
   * Lets the client's own key find an answer that was found by meaning, for the rest of its life.
   * It gets no note: what matches the client's question need not match the stored one. It stays in
   * this process: what is in a Redis can be told from its name alone, so that it can be deleted.
   */
  promote(record: AnswerRecord, key: CacheKey, tenant: u32): void {
    if (!record.digest.equals(key.digest) && this.store.has(record.digest)) {
      record.tenant = tenant;
      this.store.putAlias(key.digest, record, key.partition);
      return;
    }
    const own = new AnswerRecord(
      key.digest,
      record.created,
      record.expires,
      record.question,
      record.model,
      record.answer,
    );
    own.origin = record.origin;
    own.tenant = tenant;
    this.store.put(own, key.partition);
  }

  /** Settles how long a fresh answer lives, by what is known of the one that it replaces. */
  settleLife(config: CacheConfig, key: CacheKey, record: AnswerRecord, hasToolCalls: bool): void {
    if (config.life.mode == LifeMode.Fixed) return;
    let previous: AnswerRecord | null = null;
    if (!hasToolCalls) previous = this.store.peek(key.digest);
    this.life.settle(config, key, record, previous, record.created);
  }

  private recordSize(): void {
    const store = this.store;
    recordStore(store.entries, store.bytes, store.windowBytes);
  }

  /** Keeps an answer that came from outside for the rest of its life. */
  keep(config: CacheConfig, key: CacheKey, record: AnswerRecord): void {
    if (record.profile.length > 0) this.life.adopt(key, record);
    const isIndexed = this.feed !== null && config.match.enabled && key.question.length > 0;
    const note = isIndexed ? noteOf(key, record.expires, null) : Bytes.empty();
    keepForErrors(config, record);
    this.store.put(record, key.partition, note);
    this.recordSize();
  }
}

/** What entries of a vector store must share with a client, in hex. */
export function scopeOf(key: CacheKey): string {
  return toHex(key.partition);
}

function noteOf(key: CacheKey, expires: u64, vector: Vector | null): Bytes {
  return new QuestionNote(
    key.digest,
    key.scope,
    key.partition,
    expires,
    key.question,
    vector,
  ).encode();
}

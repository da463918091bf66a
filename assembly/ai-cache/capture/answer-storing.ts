import { readBuffer } from "../../proxy-wasm/buffer";
import { ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { responseHeaders } from "../../proxy-wasm/header-map";
import { BufferType } from "../../proxy-wasm/types";
import { KeyMode } from "../key/key-mode";
import { clusterName } from "../../rules/request-facts";
import { CacheKey, KeyDraft } from "../key/cache-key";
import { MeaningSearch } from "../meaning/meaning-search";
import { LookupQuery, openSearch } from "../lookup/query";
import { AnswerCapture, CapturedAnswer } from "../form/answer-capture";
import { answerTextOf } from "../store/answer-text";
import { AnsweredBy } from "../place/answered-by";
import { countSpent } from "../report/metrics";
import { StoreResult } from "../report/reasons";
import { reportAnswer, reportElsewhere } from "../report/answer-report";
import { Answers } from "../answers/answers";
import { Vector } from "../vector/vector";
import { AskedRequest } from "./asked-request";
import { LateVector } from "./late-vector";
import { LabelCollector } from "./label-collector";
import { Bookkeeping } from "./bookkeeping";
import { newRecord, putVector } from "./fresh-record";
import { captureFault, openCapture, staleGrantedBy } from "./open-capture";

/** What is known of a request whose answer may be cached under one key. */
export class StorableRequest {
  /** When the request was forwarded, in ms since 1970. */
  sentAt: u64 = 0;
  /** The look-up that missed; null if it was unknown what answers at the request's place. */
  query: LookupQuery | null = null;

  constructor(
    readonly asked: AskedRequest,
    readonly draft: KeyDraft,
  ) {}
}

/** Captures the fresh answer to a request as it passes, and caches it when it ends properly. */
export class AnswerStoring {
  /** The key of the answer; null if unknown. */
  readonly key: CacheKey | null;
  /** The semantic search under that key; null where it is disabled. */
  readonly search: MeaningSearch | null;
  /** Whether a fallback gave the answer, which is then not cached. */
  private readonly isFallback: bool;
  /** Whether Envoy made several attempts and it is unknown which one answered. */
  private readonly isDoubtful: bool;
  /** Whether it was compared with a candidate that had been found. */
  private isLabelled: bool = false;
  /** `AnswerRecord.staleFor` of the record. */
  private staleFor: i64 = -1;
  /** Set while the answer passes. */
  private capture: AnswerCapture | null = null;

  /** Determines the key of the current answer. In the response header phase. */
  constructor(
    private readonly root: RootContext,
    private readonly books: Bookkeeping,
    private readonly answers: Answers,
    private readonly request: StorableRequest,
  ) {
    const config = request.asked.config;
    const requestPlace = request.asked.requestPlace;
    const query = request.query;
    const answeredBy = AnsweredBy.current(requestPlace.place.cluster);
    const fingerprint = requestPlace.settle(answeredBy);
    let key: CacheKey | null = null;
    let search: MeaningSearch | null = null;
    if (query !== null) {
      key = query.key;
      search = query.search;
    }
    if (!answeredBy.isFallback) {
      const known = requestPlace.fingerprintFor(config);
      const isText = config.keyMode == KeyMode.Text;
      const isKnown = known !== null && (isText || known.equals(fingerprint));
      let own = key;
      if (own === null || !isKnown) {
        own = request.draft.at(fingerprint);
        search = openSearch(answers, config, own, request.asked.directives);
      }
      if (books.sketch.isElsewhere(request.draft.asked, own.scope)) reportElsewhere();
      key = own;
    }
    this.key = key;
    this.search = search;
    this.isFallback = answeredBy.isFallback;
    this.isDoubtful = answeredBy.isDoubtful;
  }

  /** Begins to capture the current answer. `endOfStream`: whether it has no body. */
  open(endOfStream: bool): void {
    const request = this.request;
    if (this.isFallback) return this.end(StoreResult.Fallback);
    if (endOfStream) return this.end(StoreResult.Cut);
    const headers = responseHeaders.snapshot();
    const config = request.asked.config;
    const cluster = clusterName();
    const fault = captureFault(headers, config, request.asked.isShared, cluster);
    if (fault.length > 0) return this.end(fault);
    this.staleFor = staleGrantedBy(headers, config, cluster);
    const limit = config.maxAnswerBytes;
    const share = new ByteShare(this.books.budget, request.asked.tenant);
    const capture = openCapture(headers, limit, share, request.asked.shape);
    if (capture === null) return this.end(StoreResult.ContentType);
    this.capture = capture;
  }

  /** The next `size` bytes of the answer are in the buffer. */
  push(size: i32): void {
    const capture = this.capture;
    if (capture === null || size == 0) return;
    capture.push(readBuffer(BufferType.ResponseBody, size));
    // An answer that is not cached uses no budget while its rest passes.
    if (capture.fault.length > 0) this.end(capture.fault);
  }

  /** The answer has ended properly. */
  finish(): void {
    const capture = this.capture;
    const key = this.key;
    if (capture === null || key === null) return;
    const answer = capture.finish();
    this.end(answer === null ? capture.fault : this.store(key, answer));
  }

  /** The stream is over: an answer that has not ended was cut. */
  cut(): void {
    if (this.capture !== null) this.end(StoreResult.Cut);
  }

  /** Releases what is held. */
  release(): void {
    const capture = this.capture;
    if (capture !== null) capture.release();
    this.capture = null;
  }

  /** Stores a whole answer. Returns a `StoreResult`. */
  private store(key: CacheKey, answer: CapturedAnswer): string {
    const request = this.request;
    const config = request.asked.config;
    if (!this.isUsual(answer.model)) return StoreResult.Fallback;
    this.books.sketch.note(request.draft.asked, key.scope);
    const record = newRecord(config, key, request.asked.shape, answer);
    record.tenant = request.asked.owner;
    record.staleFor = this.staleFor;
    record.duration = <u32>min<u64>(<u64>u32.MAX_VALUE, nowMilliseconds() - request.sentAt);
    const query = request.query;
    let vector: Vector | null = null;
    if (request.asked.directives.isRefresh) {
      countSpent("refresh", <u64>record.input + <u64>record.output);
    }
    if (query !== null) {
      vector = query.vector;
      this.learn(query, key, answer);
      const shadow = query.shadow;
      if (shadow !== null && !shadow.isCounted) {
        countSpent("explore", <u64>record.input + <u64>record.output);
      }
    }
    const hasToolCalls = answer.hasToolCalls;
    if (request.asked.shape.form.learnsLife) {
      this.answers.settleLife(config, key, record, hasToolCalls);
    }
    const result = this.answers.put(config, key, record, hasToolCalls, this.search, vector);
    const remote = request.asked.services.remote;
    // What the memory has no room for, the store outside may have.
    if (remote !== null && result != StoreResult.ToolCalls && remote.holds(key)) {
      remote.write(this.root, key, record);
    }
    const search = this.search;
    if (!hasToolCalls && search !== null) {
      const services = request.asked.services;
      putVector(this.root, services, key, record, vector);
      // No step of a look-up has asked for it.
      if (vector === null && (query === null || request.asked.directives.noCache)) {
        new LateVector(this.root, services, this.answers, key, record, search).ask();
      }
    }
    return result;
  }

  /** Learns from a fresh answer whether answers that are found by meaning are right. */
  private learn(query: LookupQuery, key: CacheKey, answer: CapturedAnswer): void {
    const asked = this.request.asked;
    const match = query.config.match;
    if (
      !asked.shape.form.learnsLife ||
      !match.enabled ||
      (match.maxErrorRate == 0 && !match.shadow && query.shadow === null)
    )
      return;
    const fresh = answerTextOf(answer.json);
    if (fresh === null) return;
    const threshold = this.answers.life.thresholdFor(query.config, key, asked.shape.model);
    const labels = new LabelCollector(this.root, this.answers, query, fresh, threshold);
    this.isLabelled = labels.compareFound();
    if (answer.hasToolCalls) return;
    labels.compareTwin(key);
    const search = this.search;
    if (search !== null) labels.compareRefused(search);
  }

  /** Whether the answer comes from the model that usually answers. */
  private isUsual(answered: Bytes): bool {
    const models = this.books.models;
    const scope = this.request.draft.requestScope;
    const asked = this.request.asked.shape.model;
    if (this.isDoubtful) return models.isUsual(scope, asked, answered);
    models.note(scope, asked, answered);
    return true;
  }

  /** Says what became of the answer, once. */
  private end(result: string): void {
    this.release();
    const query = this.request.query;
    if (query !== null && !this.isLabelled) {
      const shadow = query.shadow;
      if (shadow !== null) this.answers.limit.miss(shadow.label);
    }
    reportAnswer(result);
  }
}

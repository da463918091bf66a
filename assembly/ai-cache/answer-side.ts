import { readBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowSeconds } from "../proxy-wasm/clock";
import { StreamContext } from "../proxy-wasm/context";
import { responseHeaders } from "../proxy-wasm/header-map";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { ClientProtocol } from "../chat/error-body";
import { NO_FINGERPRINT } from "../fingerprint/mark";
import { CacheControl } from "../http/cache-control";
import * as header from "../http/names";
import { cacheStatus } from "./cache-status";
import { AnswerCapture } from "./capture/answer-capture";
import { captureFault, openCapture } from "./capture/open-capture";
import { CacheConfig, KeyMode, KeyStrategy } from "./config/cache-config";
import { CacheKey, KeyDraft } from "./key/cache-key";
import { MeaningSearch } from "./lookup/meaning-search";
import { RequestShape } from "./lookup/request-shape";
import { Shadow } from "./lookup/shadow";
import { AnsweredBy } from "./place/answered-by";
import { Whereabouts } from "./place/whereabouts";
import { StoreResult } from "./reasons";
import { reportAnswer, reportElsewhere } from "./report";
import { AiCacheRoot } from "./root";
import { newRecord, putVector } from "./store/answers";
import { Vector } from "./vector/vector";

/** The half of an exchange behind the decision: a fresh answer is captured and stored. */
export abstract class AnswerSide extends StreamContext {
  protected config: CacheConfig | null = null;
  protected directives: CacheControl = new CacheControl();
  protected whereabouts: Whereabouts | null = null;
  /** Null unless the request may be answered from the cache and its answer be stored. */
  protected draft: KeyDraft | null = null;
  /** Null while it is not known what answers at the request's place. */
  protected key: CacheKey | null = null;
  protected shape: RequestShape | null = null;
  protected search: MeaningSearch | null = null;
  /** The question's vector, where an embedding service gave one. */
  protected vector: Vector | null = null;
  /** In shadow mode: the answer that was found by meaning and not served. */
  protected shadow: Shadow | null = null;
  protected capture: AnswerCapture | null = null;
  protected reason: string = "";
  /** Whether askers share this answer who are not told apart. */
  protected isShared: bool = false;
  /** Whether Envoy tried more than once, and nobody says who has answered. */
  private isDoubtful: bool = false;

  onResponseHeaders(endOfStream: bool): i32 {
    const config = this.config;
    if (config === null || this.replied) return HeadersStatus.Continue;
    const draft = this.draft;
    const isOwn = draft !== null && this.settleKey(config, draft);
    if (config.statusHeader) {
      responseHeaders.add(header.CACHE_STATUS, this.cacheStatus(config));
    }
    if (draft === null) return HeadersStatus.Continue;
    if (!isOwn) {
      this.endCapture(StoreResult.Fallback);
      return HeadersStatus.Continue;
    }
    const shape = this.shape;
    const protocol = shape === null ? ClientProtocol.OpenAi : shape.protocol;
    const budget = this.cacheRoot.budget;
    this.capture = openCapture(config, this.isShared, budget, protocol);
    if (endOfStream) this.endCapture(StoreResult.Cut);
    else if (this.capture === null) this.endCapture(captureFault);
    return HeadersStatus.Continue;
  }

  onResponseBody(size: i32, endOfStream: bool): i32 {
    const capture = this.capture;
    if (capture === null) return DataStatus.Continue;
    if (size > 0 && capture.fault.length == 0) {
      capture.push(readBuffer(BufferType.ResponseBody, size));
    }
    if (endOfStream) this.finishCapture(capture);
    return DataStatus.Continue;
  }

  onResponseTrailers(): i32 {
    const capture = this.capture;
    if (capture !== null) this.finishCapture(capture);
    return TrailersStatus.Continue;
  }

  onLog(): void {
    if (this.capture !== null) this.endCapture(StoreResult.Cut);
  }

  protected get cacheRoot(): AiCacheRoot {
    return changetype<AiCacheRoot>(this.root);
  }

  /**
   * What acts on the request at its place; null when that is not known. Texts alone as keys do not
   * depend on it.
   */
  protected fingerprintFor(config: CacheConfig): Bytes | null {
    const whereabouts = this.whereabouts;
    if (whereabouts === null || config.keyMode == KeyMode.Text) return NO_FINGERPRINT;
    return whereabouts.fingerprint;
  }

  /** A search by meaning; null when the configuration wants none or the key does not allow it. */
  protected openSearch(config: CacheConfig, key: CacheKey): MeaningSearch | null {
    const answers = this.cacheRoot.answers;
    const isText = config.keyMode == KeyMode.Text;
    const isWhole = isText && config.keyStrategy != KeyStrategy.LastQuestion;
    if (answers === null || isWhole) return null;
    const search = answers.search(config, key, this.directives.maxAge, nowSeconds());
    if (search === null || search.isPossible) return search;
    if (this.reason.length == 0) this.reason = search.reason;
    return null;
  }

  /**
   * Finds the key that the current answer belongs to. False when another service gave it than the one
   * that is asked first: it belongs to none.
   */
  private settleKey(config: CacheConfig, draft: KeyDraft): bool {
    const whereabouts = this.whereabouts;
    if (whereabouts === null) return true;
    const answeredBy = AnsweredBy.current(whereabouts.place.cluster);
    const fingerprint = whereabouts.settle(answeredBy);
    if (answeredBy.isFallback) return false;
    this.isDoubtful = answeredBy.isDoubtful;
    const known = this.fingerprintFor(config);
    const isKnown = known !== null && (config.keyMode == KeyMode.Text || known.equals(fingerprint));
    let key = this.key;
    if (key === null || !isKnown) {
      key = draft.at(fingerprint);
      this.key = key;
      this.search = this.openSearch(config, key);
    }
    if (this.cacheRoot.sketch.isElsewhere(draft.asked, key.scope)) reportElsewhere();
    return true;
  }

  protected cacheStatus(config: CacheConfig): Bytes {
    return cacheStatus(this.reason, this.key, this.search, config.explain);
  }

  protected finishCapture(capture: AnswerCapture): void {
    const answer = capture.finish();
    const answers = this.cacheRoot.answers;
    const key = this.key;
    const config = this.config;
    const shape = this.shape;
    if (answer === null) return this.endCapture(capture.fault);
    if (answers === null || key === null || config === null || shape === null) {
      return this.endCapture(StoreResult.NoStore);
    }
    const draft = this.draft;
    if (draft === null || !this.isUsual(draft, shape.model, answer.model)) {
      return this.endCapture(StoreResult.Fallback);
    }
    this.cacheRoot.sketch.note(draft.asked, key.scope);
    const shadow = this.shadow;
    if (shadow !== null) shadow.observe(answer.json);
    const record = newRecord(config, key, shape.model, answer);
    const result = answers.put(config, key, record, answer.hasToolCalls, this.search, this.vector);
    const remote = config.remote;
    // What the memory has no room for, the store outside may have.
    if (remote !== null && result != StoreResult.ToolCalls && remote.holds(key)) {
      remote.write(this.root, key, record);
    }
    if (!answer.hasToolCalls && this.search !== null) {
      putVector(this.root, config, key, record, this.vector);
    }
    this.endCapture(result);
  }

  /** Whether the answer comes from the model that usually answers. */
  private isUsual(draft: KeyDraft, asked: Bytes, answered: Bytes): bool {
    const models = this.cacheRoot.models;
    const scope = draft.requestScope;
    if (this.isDoubtful) return models.isUsual(scope, asked, answered);
    models.note(scope, asked, answered);
    return true;
  }

  /** Says what became of the answer, once. */
  protected endCapture(result: string): void {
    this.dropCapture();
    this.key = null;
    this.draft = null;
    reportAnswer(result);
  }

  protected dropCapture(): void {
    const capture = this.capture;
    if (capture !== null) capture.release();
    this.capture = null;
  }
}

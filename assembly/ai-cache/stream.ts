import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowSeconds } from "../proxy-wasm/clock";
import { Pause } from "../proxy-wasm/context";
import { requestHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import { DataStatus, HeadersStatus, StreamType, TrailersStatus } from "../proxy-wasm/types";
import { bodyLength, takeBody } from "../rules/request-facts";
import { ChatRequest } from "../chat/request";
import { ClientProtocol } from "../chat/error-body";
import * as header from "../http/names";
import { JsonDocument } from "../json/document";
import { AnswerSide } from "./answer-side";
import { CacheConfig, KeyMode } from "./config/cache-config";
import { CacheKey } from "./key/cache-key";
import { keyFault, makeKey } from "./key/make-key";
import { readRequestScope } from "./key/request-scope";
import { isBehindProxy } from "./place/order";
import { Whereabouts } from "./place/whereabouts";
import { judgeHeaders, protocolOf } from "./lookup/eligibility";
import { MeaningSearch } from "./lookup/meaning-search";
import { RequestShape } from "./lookup/request-shape";
import { Shadow } from "./lookup/shadow";
import { WaitingForRecord, WaitingForResults, WaitingForVector } from "./paused";
import { Reason, redisReason } from "./reasons";
import { hitReply } from "./replay/hit-reply";
import { notCached, trailersRefused } from "./refusals";
import { reportDecision } from "./report";
import { AnswerRecord } from "./store/record";
import { scopeOf } from "./store/answers";
import { Vector } from "./vector/vector";
import { StoredAnswer } from "./vector-store/reply";

/** One exchange: look up, replay or let pass, capture and store. */
export class AiCacheStream extends AnswerSide {
  /** `ClientProtocol`. */
  private protocol: i32 = ClientProtocol.OpenAi;
  private requestScope: Bytes = Bytes.empty();
  private body: BodyBuffer | null = null;
  /** Why the store outside could not be asked; empty when it could. */
  private remoteFault: string = "";
  /** Whether the request is paused for a call-out. */
  private isWaiting: bool = false;

  onRequestHeaders(endOfStream: bool): i32 {
    const config = this.cacheRoot.selectConfig();
    if (config === null) return HeadersStatus.Continue;
    this.config = config;
    platform().keepRoute();
    const headers = requestHeaders.snapshot();
    const verdict = judgeHeaders(config, headers, endOfStream);
    if (verdict.reason.length > 0) return this.passHeaders(verdict.reason);
    this.directives = verdict.directives;
    this.protocol = protocolOf(headers);
    const expected = bodyLength(headers);
    if (expected > config.maxRequestBytes) return this.passHeaders(Reason.IneligibleTooLarge);
    if (isBehindProxy()) return this.passHeaders(Reason.IneligibleOrder);
    const whereabouts = new Whereabouts();
    const fault = whereabouts.faultFor(config, headers);
    if (fault.length > 0) return this.passHeaders(fault);
    this.whereabouts = whereabouts;
    const scope = readRequestScope(config, headers, whereabouts.place);
    if (scope.reason.length > 0) return this.passHeaders(scope.reason);
    this.requestScope = scope.bytes;
    this.isShared = scope.isShared;
    if (headers.has(header.ACCEPT_ENCODING)) requestHeaders.remove(header.ACCEPT_ENCODING);
    platform().raiseBodyLimit(config.maxRequestBytes);
    this.body = takeBody(headers, config.maxRequestBytes, this.cacheRoot.budget, expected);
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
    if (this.isWaiting) return platform().pausedBody();
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      body.putBackBefore(size);
      this.finishRequest(Reason.IneligibleTooLarge);
      return DataStatus.Continue;
    }
    if (!body.isComplete(endOfStream)) return body.keep();
    const reply = this.finishBody(body);
    if (reply !== null) return this.replyWhenComplete(reply, endOfStream);
    return this.isWaiting ? platform().pausedBody() : DataStatus.Continue;
  }

  onRequestTrailers(): i32 {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    const body = this.body;
    if (body === null) return TrailersStatus.Continue;
    let reply: LocalReply | null = null;
    if (body.outlastsPieces) reply = this.finishBody(body);
    else {
      this.finishRequest(Reason.IneligibleTrailers);
      reply = this.withStatus(trailersRefused(this.protocol));
    }
    if (reply !== null) this.reply(reply);
    else if (!this.isWaiting) return TrailersStatus.Continue;
    return TrailersStatus.StopIteration;
  }

  /** Looks a complete request up; puts its body back where it is not answered at once. */
  private finishBody(body: BodyBuffer): LocalReply | null {
    const whole = body.whole();
    const reply = this.lookUp(whole);
    if (reply !== null) return reply;
    if (!body.isInPlace) body.putBack(whole);
    this.releaseBody();
    return null;
  }

  onHoldTimeout(): void {
    this.finishRequest(Reason.ErrorNoBody);
  }

  onDelete(): void {
    this.releaseBody();
    this.dropCapture();
  }

  private passHeaders(reason: string): i32 {
    this.decide(reason);
    return HeadersStatus.Continue;
  }

  /** The request goes on, and its body is no concern of ours any more. */
  private finishRequest(reason: string): void {
    this.releaseBody();
    if (this.reason.length == 0) this.decide(reason);
  }

  private releaseBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
    this.requestScope = Bytes.empty();
  }

  /**
   * The reply to the request; null when it goes on to the model, or, with `isWaiting` set, when it
   * waits for a call-out.
   */
  private lookUp(whole: Bytes): LocalReply | null {
    const config = this.config;
    if (config === null) return null;
    const document = new JsonDocument(min(whole.length >> 4, 4096));
    const request = ChatRequest.parse(whole, document, this.protocol);
    if (request === null) {
      const isJson = document.error.length == 0;
      this.decide(isJson ? Reason.IneligibleNotChat : Reason.IneligibleNotJson);
      return null;
    }
    const draft = makeKey(config, request, this.requestScope);
    if (draft === null) {
      this.decide(keyFault);
      return null;
    }
    const shape = new RequestShape(request);
    this.shape = shape;
    this.draft = draft;
    const fingerprint = this.fingerprintFor(config);
    if (fingerprint === null) {
      this.reason = Reason.MissPlace;
      return this.endLookUp();
    }
    this.key = draft.at(fingerprint);
    const reply = this.findExact(config, shape);
    if (reply !== null || this.asksRemote(config, this.key)) return reply;
    return this.searchByMeaning(config);
  }

  /** Whether the store outside is asked for the answer; then the request waits. */
  private asksRemote(config: CacheConfig, key: CacheKey | null): bool {
    const remote = config.remote;
    if (remote === null || key === null || this.directives.noCache || !remote.holds(key)) {
      return false;
    }
    const pause = this.pauseRequest();
    if (pause === null) return false;
    const fault = remote.read(this.root, key, new WaitingForRecord(this, pause));
    this.isWaiting = fault.length == 0;
    if (this.isWaiting) return true;
    pause.handOver();
    this.remoteFault = redisReason(fault);
    return false;
  }

  /** The store outside has answered, or failed: the look-up goes on. */
  resumeWithRecord(pause: Pause, record: AnswerRecord | null, fault: string): void {
    if (!pause.enter()) return;
    this.isWaiting = false;
    pause.handOver();
    const config = this.config;
    const key = this.key;
    const shape = this.shape;
    const answers = this.cacheRoot.answers;
    let reply: LocalReply | null = null;
    if (config !== null && shape !== null) {
      if (fault.length > 0) this.remoteFault = redisReason(fault);
      if (record !== null && this.isFresh(record)) {
        if (answers !== null && key !== null) answers.keep(config, key, record);
        reply = this.replay(config, shape, record, Reason.HitExact);
      }
      if (reply === null) reply = this.searchByMeaning(config);
    }
    this.proceed(reply);
  }

  /** Whether the client takes a record of this age; sets the reason when not. */
  private isFresh(record: AnswerRecord): bool {
    const now = nowSeconds();
    const maxAge = this.directives.maxAge;
    if (record.isExpired(now)) this.reason = Reason.MissExpired;
    else if (maxAge >= 0 && record.age(now) > <u64>maxAge) this.reason = Reason.MissMaxAge;
    else return true;
    return false;
  }

  /** The reply with what is stored under exactly this key; null when there is none. */
  private findExact(config: CacheConfig, shape: RequestShape): LocalReply | null {
    const answers = this.cacheRoot.answers;
    const key = this.key;
    if (answers === null || key === null || this.directives.noCache) return null;
    const record = answers.find(key, nowSeconds());
    if (record === null || !this.isFresh(record)) return null;
    return this.replay(config, shape, record, Reason.HitExact);
  }

  /** Searches by words, and where that finds nothing asks for the question's vector. */
  private searchByMeaning(config: CacheConfig): LocalReply | null {
    const answers = this.cacheRoot.answers;
    const key = this.key;
    if (answers === null || key === null) return this.endLookUp();
    const search = this.openSearch(config, key);
    this.search = search;
    if (search === null || this.directives.noCache) return this.endLookUp();
    if (search.byText()) return this.serveFound(config, search);
    const embedder = config.embedder;
    if (embedder === null) return this.endLookUp();
    const vector = embedder.known(key.question);
    if (vector !== null) return this.searchByVector(config, search, vector);
    const pause = this.pauseRequest();
    if (pause === null) return this.endLookUp();
    const fault = embedder.ask(this.root, key.question, new WaitingForVector(this, pause));
    if (fault.length > 0) {
      this.release(StreamType.Request);
      this.reason = fault;
      return this.endLookUp();
    }
    this.isWaiting = true;
    return null;
  }

  private searchByVector(
    config: CacheConfig,
    search: MeaningSearch,
    vector: Vector,
  ): LocalReply | null {
    this.vector = vector;
    if (search.byVector(vector)) return this.serveFound(config, search);
    return this.asksVectorStore(config, vector) ? null : this.endLookUp();
  }

  /** Whether the outside store is asked for near questions; then the request waits. */
  private asksVectorStore(config: CacheConfig, vector: Vector): bool {
    const store = config.vectorStore;
    const key = this.key;
    if (store === null || key === null || vector.json.length == 0) return false;
    const pause = this.pauseRequest();
    if (pause === null) return false;
    const scope = scopeOf(key);
    const fault = store.query(this.root, vector.json, scope, new WaitingForResults(this, pause));
    this.isWaiting = fault.length == 0;
    if (this.isWaiting) return true;
    pause.handOver();
    this.reason = fault;
    return false;
  }

  /** The outside store has answered, or failed. */
  resumeWithResults(pause: Pause, results: StoredAnswer[] | null, fault: string): void {
    if (!pause.enter()) return;
    this.isWaiting = false;
    pause.handOver();
    const config = this.config;
    const search = this.search;
    const key = this.key;
    let reply: LocalReply | null = null;
    if (config === null || search === null || key === null || results === null) {
      this.reason = fault;
      reply = this.endLookUp();
    } else {
      const scope = scopeOf(key);
      const isFound = search.byResults(results, config.keyMode == KeyMode.Full ? scope : "");
      reply = isFound ? this.serveFound(config, search) : this.endLookUp();
      const expired = search.expired;
      const store = config.vectorStore;
      if (store !== null && expired !== null) store.remove(this.root, scope, expired);
    }
    this.proceed(reply);
  }

  /** Ends a pause of which only the right to end it is left; unless another call-out began one. */
  private proceed(reply: LocalReply | null): void {
    if (this.isWaiting) return;
    const pause = this.pauseRequest();
    if (pause === null) return;
    if (reply !== null) pause.reply(reply);
    else pause.resume();
  }

  /** The embedding service has answered, or failed: the request is answered or goes on. */
  resumeWithVector(pause: Pause, vector: Vector | null, fault: string): void {
    if (!pause.enter()) return;
    this.isWaiting = false;
    pause.handOver();
    const config = this.config;
    const search = this.search;
    let reply: LocalReply | null = null;
    if (config !== null && search !== null && vector !== null) {
      reply = this.searchByVector(config, search, vector);
    } else {
      this.reason = fault;
      reply = this.endLookUp();
    }
    this.proceed(reply);
  }

  /** The reply with the answer that was found by meaning, unless it is only to be watched. */
  private serveFound(config: CacheConfig, search: MeaningSearch): LocalReply | null {
    const record = search.record;
    const shape = this.shape;
    const key = this.key;
    const answers = this.cacheRoot.answers;
    if (record === null || shape === null || key === null || answers === null) {
      return this.endLookUp();
    }
    if (config.match.shadow) {
      this.shadow = new Shadow(record.answer, search.similarity);
      this.reason = Reason.MissShadow;
      return this.endLookUp();
    }
    const reply = this.replay(config, shape, record, Reason.HitSemantic);
    if (reply === null) return this.endLookUp();
    answers.promote(record, key);
    return reply;
  }

  /** The look-up found nothing to serve. */
  private endLookUp(): LocalReply | null {
    const search = this.search;
    if (this.directives.noCache) this.reason = Reason.BypassNoCache;
    else if (this.remoteFault.length > 0) this.reason = this.remoteFault;
    else if (this.reason.length == 0 && search !== null) this.reason = search.reason;
    this.decide(this.reason.length > 0 ? this.reason : Reason.MissCold);
    return this.refuseUncached();
  }

  /** The reply with a stored answer; null when it cannot be written as this client wants it. */
  private replay(
    config: CacheConfig,
    shape: RequestShape,
    record: AnswerRecord,
    reason: string,
  ): LocalReply | null {
    const reply = hitReply(config, shape, record, nowSeconds());
    if (reply === null) return null;
    this.decide(reason);
    if (config.statusHeader) reply.headers.add(header.CACHE_STATUS, this.cacheStatus(config));
    this.finishRequest(this.reason);
    return reply;
  }

  /**
   * `only-if-cached`: the client prefers an error to an answer from the model (RFC 9111, 5.2.1.7).
   */
  private refuseUncached(): LocalReply | null {
    if (!this.directives.onlyIfCached) return null;
    this.finishRequest(this.reason);
    return this.withStatus(notCached(this.protocol));
  }

  private withStatus(reply: LocalReply): LocalReply {
    const config = this.config;
    if (config !== null && config.statusHeader) {
      reply.headers.add(header.CACHE_STATUS, this.cacheStatus(config));
    }
    return reply;
  }

  private decide(reason: string): void {
    this.reason = reason;
    reportDecision(reason, this.search);
  }
}

import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { ByteShare } from "../proxy-wasm/byte-budget";
import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { EditedBytes } from "../proxy-wasm/edited-bytes";
import { RootContext } from "../proxy-wasm/context";
import { requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { HoldEnd } from "../proxy-wasm/hold-watch";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import { DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { bodyLength } from "../http/body-length";
import { takeBody } from "../rules/request-facts";
import { CacheControl } from "../http/cache-control";
import * as header from "../http/names";
import { pathOf } from "../http/url";
import { ClientProtocol } from "../protocol/base/client-protocol";
import { NEUTRAL, protocolOf } from "../protocol/registry";
import { formatDecimal } from "../text/decimal";
import { xxhash64 } from "../text/xxhash64";
import { BatchExchange } from "./batch/batch-exchange";
import { cacheStatus } from "./cache-status";
import { AnswerStoring, StorableRequest } from "./capture/answer-storing";
import { AskedRequest } from "./capture/asked-request";
import { CacheConfig } from "./config/cache-config";
import { CachedFunction } from "./function/base/cached-function";
import { FunctionRequest } from "./function/base/function-call";
import { functionFor } from "./function/registry";
import { Hit } from "./hit";
import { FoundBy } from "./savings/savings";
import { readRequestScope, RequestScope } from "./request/request-scope";
import { judgeHeaders, Verb } from "./request/eligibility";
import { Lookup, LookupStream } from "./lookup/lookup";
import { MeaningSearch } from "./meaning/meaning-search";
import { Outcome } from "./lookup/outcome";
import { LookupQuery } from "./lookup/query";
import { Services } from "./services/services";
import { warnOfPath } from "./path-notice";
import { isAfterProxy } from "./place/order";
import { RequestPlace } from "./place/request-place";
import { CachePlugin } from "./plugin";
import { Reason } from "./report/reasons";
import { trailersRefused } from "./report/refusals";
import { staleReply } from "./stale-reply";
import { reportDecision } from "./decision-report";

/** The directives if the client's are ignored. */
const ANYTHING = new CacheControl();

/**
 * One exchange: the request is checked, looked up (`Lookup`) and answered or forwarded; the fresh answer is
 * captured and cached (`AnswerStoring`).
 */
export class AiCacheStream extends LookupStream {
  /** The configuration for the request; null for none. */
  private services: Services | null = null;
  private directives: CacheControl = ANYTHING;
  private protocol: ClientProtocol = NEUTRAL;
  /** The request as seen by its function; null if it is not cached. */
  private called: CachedFunction | null = null;
  /** The path and query, while the body is read. */
  private target: Bytes = Bytes.empty();
  private requestPlace: RequestPlace | null = null;
  private requestScope: Bytes = Bytes.empty();
  /** Whether anonymous clients share the answer. */
  private isShared: bool = false;
  /** The tenant's number in the memory budget, which no tenant may use up. */
  private tenant: u64 = 0;
  /** While the body is read. */
  private body: BodyBuffer | null = null;
  /** Null while nothing is looked up. */
  private lookup: Lookup | null = null;
  /** Null while nothing is decided. */
  private outcome: Outcome | null = null;
  /** Null unless the request may be answered from the cache and its answer cached. */
  private storable: StorableRequest | null = null;
  /** The answer that is served; null while there is none. */
  private hit: Hit | null = null;
  /** Set when the model answers. */
  private storing: AnswerStoring | null = null;
  /** Null unless the answer consists of several that are cached separately. */
  private batch: BatchExchange | null = null;

  constructor(
    id: u32,
    root: RootContext,
    private readonly plugin: CachePlugin,
  ) {
    super(id, root);
  }

  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const services = this.plugin.select();
    if (services === null) return HeadersStatus.Continue;
    this.services = services;
    const config = services.config;
    platform().keepRoute();
    const headers = requestHeaders.snapshot();
    const target = headers.getOrEmpty(header.PATH);
    const path = pathOf(target);
    const called = functionFor(config.paths, path);
    let verb: Verb | null = null;
    if (called !== null) verb = called.verb;
    const verdict = judgeHeaders(config, verb, headers, endOfStream);
    if (verdict.reason.length > 0) {
      if (verdict.reason == Reason.IneligiblePath) warnOfPath(config, path, headers);
      return this.passHeaders(verdict.reason);
    }
    this.called = called;
    const directives = verdict.directives;
    if (directives !== null) this.directives = directives;
    this.protocol = protocolOf(path, headers);
    const expected = bodyLength(headers);
    if (expected > config.maxRequestBytes) return this.passHeaders(Reason.IneligibleTooLarge);
    if (isAfterProxy(headers)) return this.passHeaders(Reason.IneligibleOrder);
    const requestPlace = new RequestPlace();
    const fault = requestPlace.faultFor(config, headers);
    if (fault.length > 0) return this.passHeaders(fault);
    this.requestPlace = requestPlace;
    const scope = readRequestScope(config, headers, requestPlace.place, this.protocol);
    if (scope.reason.length > 0) return this.passHeaders(scope.reason);
    this.requestScope = scope.bytes;
    this.target = target;
    if (headers.has(header.ACCEPT_ENCODING)) requestHeaders.remove(header.ACCEPT_ENCODING);
    const share = this.shareOf(scope);
    if (endOfStream) return this.finishHeaders();
    platform().raiseBodyLimit(config.maxRequestBytes);
    const body = takeBody(headers, config.maxRequestBytes, share, expected);
    if (!body.hasRoom) return this.passHeaders(Reason.IneligibleNoRoom);
    this.body = body;
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    if (this.isWaiting) return this.pausedBody;
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      body.putInFront();
      this.finishRequest(body.isTooLarge ? Reason.IneligibleTooLarge : Reason.IneligibleNoRoom);
      return DataStatus.Continue;
    }
    if (!body.isComplete(endOfStream)) return body.keep();
    const reply = this.finishBody(body);
    if (reply !== null) return this.replyWhenComplete(reply, endOfStream);
    return this.isWaiting ? this.pausedBody : DataStatus.Continue;
  }

  onRequestTrailers(): TrailersStatus {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    const body = this.body;
    if (body === null) return TrailersStatus.Continue;
    let reply: LocalReply | null = null;
    if (body.outlastsPieces) reply = this.finishBody(body);
    else {
      const refusal = trailersRefused(this.protocol);
      reply = this.conclude(Outcome.refused(Reason.IneligibleTrailers, refusal));
    }
    if (reply !== null) this.reply(reply);
    else if (!this.isWaiting) return TrailersStatus.Continue;
    return TrailersStatus.StopIteration;
  }

  /** Looks up a request without a body. */
  private finishHeaders(): HeadersStatus {
    const reply = this.lookUp(Bytes.empty());
    this.releaseBody();
    if (reply !== null) this.reply(reply);
    const isHeld = reply !== null || this.isWaiting;
    return isHeld ? HeadersStatus.StopIteration : HeadersStatus.Continue;
  }

  /** Looks up a complete request; restores its body if it is not answered at once. */
  private finishBody(body: BodyBuffer): LocalReply | null {
    const whole = body.whole();
    const reply = this.lookUp(whole);
    if (reply !== null) return reply;
    const batch = this.batch;
    let changed: Bytes | null = null;
    if (batch !== null) changed = batch.body;
    if (changed !== null) {
      requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>changed.length));
    }
    body.put(EditedBytes.of(changed === null ? whole : changed));
    this.releaseBody();
    return null;
  }

  onHoldEnd(reason: HoldEnd): void {
    this.finishRequest(reason == HoldEnd.Timeout ? Reason.ErrorNoBody : Reason.ErrorOptionMissing);
  }

  /** Identifies the tenant; returns the request's share of the budget. */
  private shareOf(scope: RequestScope): ByteShare {
    this.isShared = scope.isShared;
    if (scope.bytes.length > 0) this.tenant = xxhash64(scope.bytes);
    return new ByteShare(this.plugin.budget, this.tenant);
  }

  private passHeaders(reason: string): i32 {
    this.conclude(Outcome.passes(reason));
    return HeadersStatus.Continue;
  }

  /** The request continues, and its body is released. */
  private finishRequest(reason: string): void {
    this.releaseBody();
    if (this.outcome === null) this.conclude(Outcome.passes(reason));
  }

  private releaseBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
    this.target = Bytes.empty();
    this.requestScope = Bytes.empty();
  }

  /**
   * The reply to the request; null when it continues to the model or, with `isWaiting`, when a step of its
   * look-up waits for a call-out.
   */
  private lookUp(whole: Bytes): LocalReply | null {
    const outcome = this.outcomeOf(whole);
    if (outcome === null) return null;
    this.plugin.refresher.after(outcome, this.root, this.services, whole);
    return this.conclude(outcome);
  }

  /** Null when the look-up is pending. */
  private outcomeOf(whole: Bytes): Outcome | null {
    const services = this.services;
    const place = this.requestPlace;
    const answers = this.plugin.answers;
    const called = this.called;
    if (services === null || place === null || answers === null || called === null) {
      return Outcome.passes(Reason.MissCold);
    }
    const config = services.config;
    const call = called.open(
      new FunctionRequest(config, this.protocol, this.target, this.requestScope, whole),
    );
    const shape = call.shape;
    if (shape === null) return Outcome.passes(call.fault);
    const directives = this.directives;
    const tenant = this.tenant;
    const asked = new AskedRequest(services, place, shape, directives, this.isShared, tenant);
    const items = call.batch;
    if (items !== null) {
      const batch = new BatchExchange(this, this.plugin.books, answers, asked, items);
      this.batch = batch;
      return batch.lookUp();
    }
    const draft = call.draft;
    if (draft === null) return Outcome.passes(call.fault);
    const storable = new StorableRequest(asked, draft);
    this.storable = storable;
    const fingerprint = place.fingerprintFor(config);
    if (fingerprint === null) {
      return Outcome.missed(Reason.MissPlace, directives, shape.protocol);
    }
    const key = draft.at(fingerprint);
    const owner = asked.owner;
    const query = new LookupQuery(this.root, answers, services, key, shape, directives, owner);
    storable.query = query;
    const lookup = new Lookup(this, query);
    this.lookup = lookup;
    return lookup.start();
  }

  conclude(outcome: Outcome): LocalReply | null {
    this.outcome = outcome;
    const lookup = this.lookup;
    const reply = outcome.reply;
    let search: MeaningSearch | null = null;
    let model: Bytes | null = null;
    if (lookup !== null) {
      search = lookup.query.search;
      if (reply !== null) model = lookup.query.shape.model;
    }
    const hit = this.hitOf(lookup);
    reportDecision(outcome.reason, search, model, this.target, hit);
    if (reply === null) {
      const storable = this.storable;
      if (storable !== null) storable.sentAt = nowMilliseconds();
      return null;
    }
    this.releaseBody();
    const services = this.services;
    if (services !== null && services.config.statusHeader) {
      reply.headers.add(header.CACHE_STATUS, this.cacheStatus(services.config));
    }
    return reply;
  }

  /** Counts the savings of the served answer; null for none. */
  private hitOf(lookup: Lookup | null): Hit | null {
    if (lookup === null) return null;
    const query = lookup.query;
    const record = query.served;
    if (record === null) return null;
    const isOwn = record.digest.equals(query.key.digest);
    const by = isOwn ? FoundBy.Exact : FoundBy.Meaning;
    const now = query.servedAt;
    const prices = query.config.prices;
    const saved = this.plugin.savings.add(record, by, lookup.waitedMs, prices, now);
    const hit = new Hit(record, saved, now);
    this.hit = hit;
    return hit;
  }

  onResponseHeaders(endOfStream: bool): HeadersStatus {
    const services = this.services;
    if (services === null || this.replied) return HeadersStatus.Continue;
    const config = services.config;
    const storable = this.storable;
    const answers = this.plugin.answers;
    if (storable !== null && answers !== null && this.storing === null) {
      this.storing = new AnswerStoring(this.root, this.plugin.books, answers, storable);
    }
    const storing = this.storing;
    if (storing !== null) storing.open(endOfStream);
    const reply = staleReply(storable);
    if (reply !== null) {
      this.reply(reply);
      return HeadersStatus.StopIteration;
    }
    if (config.statusHeader) {
      responseHeaders.add(header.CACHE_STATUS, this.cacheStatus(config));
    }
    const batch = this.batch;
    return batch === null ? HeadersStatus.Continue : batch.onHeaders(endOfStream);
  }

  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    const storing = this.storing;
    const batch = this.batch;
    if (batch !== null && !this.replied) return batch.onBody(size, endOfStream);
    if (storing === null) return DataStatus.Continue;
    storing.push(size);
    if (endOfStream) storing.finish();
    return DataStatus.Continue;
  }

  onResponseTrailers(): TrailersStatus {
    const batch = this.batch;
    if (batch !== null && !this.replied) return batch.onTrailers();
    const storing = this.storing;
    if (storing !== null) storing.finish();
    return TrailersStatus.Continue;
  }

  onLog(): void {
    const storing = this.storing;
    if (storing !== null) storing.cut();
    const batch = this.batch;
    if (batch !== null) batch.cut();
  }

  onDelete(): void {
    this.releaseBody();
    const storing = this.storing;
    if (storing !== null) storing.release();
    const batch = this.batch;
    if (batch !== null) batch.release();
  }

  /** The return value of a body callback while the request is paused. */
  private get pausedBody(): DataStatus {
    const batch = this.batch;
    return batch === null ? platform().pausedBody() : batch.pausedBody;
  }

  /** Whether the request is paused for a call-out. */
  private get isWaiting(): bool {
    const lookup = this.lookup;
    const batch = this.batch;
    return (lookup !== null && lookup.isWaiting) || (batch !== null && batch.isWaiting);
  }

  /** The value of `Cache-Status` for the decision, with the key as far as known. */
  private cacheStatus(config: CacheConfig): Bytes {
    const outcome = this.outcome;
    const reason = outcome === null ? "" : outcome.reason;
    const storing = this.storing;
    if (storing !== null) return cacheStatus(reason, storing.key, storing.search, config.explain);
    const lookup = this.lookup;
    if (lookup === null) return cacheStatus(reason, null, null, config.explain);
    const query = lookup.query;
    const hit = this.hit;
    if (hit === null || !config.explain) {
      return cacheStatus(reason, query.key, query.search, config.explain);
    }
    const seen = query.answers.countOf(query.key);
    const note = hit.explained(seen, config.life.timely);
    return cacheStatus(reason, query.key, query.search, true, note);
  }
}

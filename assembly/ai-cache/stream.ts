import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { readBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowSeconds } from "../proxy-wasm/clock";
import { StreamContext } from "../proxy-wasm/context";
import { requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import { setProperty } from "../proxy-wasm/property";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { ChatRequest } from "../chat/request";
import { ClientProtocol } from "../chat/error-body";
import { errorReply } from "../chat/error-reply";
import { CacheControl } from "../http/cache-control";
import { isEventStreamType, isJsonType } from "../http/media-type";
import * as header from "../http/names";
import { JsonDocument } from "../json/document";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { addToAiLog } from "./ai-log";
import { cacheStatus } from "./cache-status";
import {
  AnswerCapture,
  CapturedAnswer,
  JsonCapture,
  StreamCapture,
} from "./capture/answer-capture";
import { CacheConfig, KeyMode } from "./config/cache-config";
import { CacheKey } from "./key/cache-key";
import { readRequestScope } from "./key/request-scope";
import { keyText } from "./key/text-key";
import { judgeHeaders } from "./lookup/eligibility";
import { countAnswer, countRequest, recordStore } from "./metrics";
import { kindOf, Reason, StoreResult } from "./reasons";
import { replayBody } from "./replay/replay";
import { AiCacheRoot } from "./root";
import { PutResult } from "./store/memory-store";
import { AnswerRecord } from "./store/record";

const REASON_ATTRIBUTE = Bytes.of("ai_cache");
const STORE_ATTRIBUTE = Bytes.of("ai_cache_store");

const DETAILS_HIT = "ai_cache_hit";
const DETAILS_ONLY_IF_CACHED = "ai_cache_only_if_cached";
const DETAILS_TRAILERS = "ai_cache_request_trailers";

/** The other success statuses do not hold a chat completion. */
const STATUS_OK = Bytes.of("200");

/** One exchange: look up, replay or let pass, capture and store. */
export class AiCacheStream extends StreamContext {
  private config: CacheConfig | null = null;
  private directives: CacheControl = new CacheControl();
  private requestScope: Bytes = Bytes.empty();
  private body: BodyBuffer | null = null;
  private key: CacheKey | null = null;
  private model: Bytes = Bytes.empty();
  private capture: AnswerCapture | null = null;
  private reason: string = "";

  onRequestHeaders(endOfStream: bool): i32 {
    const config = this.cacheRoot.selectConfig();
    if (config === null) return HeadersStatus.Continue;
    this.config = config;
    platform().keepRoute();
    const headers = requestHeaders.snapshot();
    const verdict = judgeHeaders(config, headers, endOfStream);
    if (verdict.reason.length > 0) return this.passHeaders(verdict.reason);
    this.directives = verdict.directives;
    const length = headers.get(header.CONTENT_LENGTH);
    const expected = length === null ? <i64>-1 : parseDecimal(length, -1);
    if (expected > config.maxRequestBytes) {
      return this.passHeaders(Reason.IneligibleTooLarge);
    }
    if (config.keyMode == KeyMode.Full) this.requestScope = readRequestScope(config, headers);
    if (headers.has(header.ACCEPT_ENCODING)) requestHeaders.remove(header.ACCEPT_ENCODING);
    platform().raiseBodyLimit(config.maxRequestBytes);
    this.body = new BodyBuffer(
      BufferType.RequestBody,
      config.maxRequestBytes,
      this.cacheRoot.budget,
      expected,
    );
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      body.putBackBefore(size);
      this.finishRequest(Reason.IneligibleTooLarge);
      return DataStatus.Continue;
    }
    if (!body.isComplete(endOfStream)) return DataStatus.StopIterationNoBuffer;
    const whole = body.whole();
    const reply = this.lookUp(whole);
    if (reply !== null) return this.replyWhenComplete(reply, endOfStream);
    if (!body.isInPlace) body.putBack(whole);
    this.finishRequest(this.reason);
    return DataStatus.Continue;
  }

  onRequestTrailers(): i32 {
    if (this.body === null) return TrailersStatus.Continue;
    // The pieces were taken from the host, and it accepts no body any more at this point.
    this.finishRequest(Reason.IneligibleTrailers);
    const reply = this.refusal(
      400,
      DETAILS_TRAILERS,
      "request_trailers",
      "request trailers are not supported without content-length",
    );
    this.reply(reply);
    return TrailersStatus.StopIteration;
  }

  onResponseHeaders(endOfStream: bool): i32 {
    const config = this.config;
    if (config === null || this.replied) return HeadersStatus.Continue;
    if (config.statusHeader) {
      responseHeaders.add(header.CACHE_STATUS, cacheStatus(this.reason, this.key, config.explain));
    }
    if (this.key === null) return HeadersStatus.Continue;
    if (endOfStream) this.endCapture(StoreResult.Cut);
    else this.beginCapture(config);
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

  onHoldTimeout(): void {
    this.finishRequest(Reason.ErrorNoBody);
  }

  onLog(): void {
    if (this.capture !== null) this.endCapture(StoreResult.Cut);
  }

  onDelete(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.dropCapture();
  }

  private get cacheRoot(): AiCacheRoot {
    return changetype<AiCacheRoot>(this.root);
  }

  private passHeaders(reason: string): i32 {
    this.decide(reason);
    return HeadersStatus.Continue;
  }

  /** The request goes on, and its body is no concern of ours any more. */
  private finishRequest(reason: string): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
    this.requestScope = Bytes.empty();
    if (this.reason.length == 0) this.decide(reason);
  }

  /** The reply to the request; null with `reason` set when it goes on to the model. */
  private lookUp(whole: Bytes): LocalReply | null {
    const config = this.config;
    if (config === null) return null;
    const document = new JsonDocument(min(whole.length >> 4, 4096));
    const request = ChatRequest.parse(whole, document);
    if (request === null) {
      const isJson = document.error.length == 0;
      this.decide(isJson ? Reason.IneligibleNotChat : Reason.IneligibleNotJson);
      return null;
    }
    const fault = this.makeKey(config, request);
    if (fault.length > 0) {
      this.decide(fault);
      return null;
    }
    this.model = request.model.copy();
    const record = this.find();
    if (record !== null) {
      const reply = this.replay(config, request, record);
      if (reply !== null) return reply;
    }
    if (this.directives.noCache) this.reason = Reason.BypassNoCache;
    this.decide(this.reason.length > 0 ? this.reason : Reason.MissCold);
    return this.refuseUncached();
  }

  /** Why the request has no key; empty when it has one. */
  private makeKey(config: CacheConfig, request: ChatRequest): string {
    if (!request.singleChoice) return Reason.IneligibleChoices;
    if (config.keyMode == KeyMode.Text) {
      const text = keyText(request, config);
      if (text.trim().length == 0) return Reason.IneligibleNoKey;
      this.key = CacheKey.ofText(text);
      return "";
    }
    this.key = CacheKey.of(request, this.requestScope);
    return this.key === null ? Reason.IneligibleDuplicateKey : "";
  }

  /** The entry that may be served; null with `reason` set when there is one that may not. */
  private find(): AnswerRecord | null {
    const store = this.cacheRoot.store;
    const key = this.key;
    if (store === null || key === null || this.directives.noCache) return null;
    const now = nowSeconds();
    const record = store.get(key.digest, now);
    if (record === null) return null;
    if (record.isExpired(now)) {
      this.reason = Reason.MissExpired;
      return null;
    }
    const maxAge = this.directives.maxAge;
    if (maxAge >= 0 && record.age(now) > <u64>maxAge) {
      this.reason = Reason.MissMaxAge;
      return null;
    }
    return record;
  }

  /** The reply with a stored answer; null when it cannot be written as this client wants it. */
  private replay(
    config: CacheConfig,
    request: ChatRequest,
    record: AnswerRecord,
  ): LocalReply | null {
    const body = replayBody(record.answer, request.stream, request.includeUsage, config);
    if (body === null) return null;
    const age = record.age(nowSeconds());
    this.decide(Reason.HitExact);
    const reply = new LocalReply(200, DETAILS_HIT);
    const type = request.stream ? header.EVENT_STREAM_UTF8 : header.JSON_UTF8;
    reply.headers.add(header.CONTENT_TYPE, type);
    reply.headers.add(header.AGE, formatDecimal(age));
    if (config.statusHeader) {
      reply.headers.add(header.CACHE_STATUS, cacheStatus(this.reason, this.key, config.explain));
    }
    reply.body = body;
    this.finishRequest(this.reason);
    return reply;
  }

  /**
   * `only-if-cached`: the client prefers an error to an answer from the model (RFC 9111, 5.2.1.7).
   */
  private refuseUncached(): LocalReply | null {
    if (!this.directives.onlyIfCached) return null;
    this.finishRequest(this.reason);
    return this.refusal(
      504,
      DETAILS_ONLY_IF_CACHED,
      "only_if_cached",
      "the answer is not in the cache and only-if-cached was asked for",
    );
  }

  private refusal(status: i32, details: string, code: string, message: string): LocalReply {
    const reply = errorReply(ClientProtocol.OpenAi, status, details, code, message);
    const config = this.config;
    if (config !== null && config.statusHeader) {
      reply.headers.add(header.CACHE_STATUS, cacheStatus(this.reason, this.key, config.explain));
    }
    return reply;
  }

  private beginCapture(config: CacheConfig): void {
    const status = responseHeaders.get(header.STATUS);
    if (status === null || !status.equals(STATUS_OK)) return this.endCapture(StoreResult.Status);
    if (responseHeaders.get(header.CONTENT_ENCODING) !== null) {
      return this.endCapture(StoreResult.ContentEncoding);
    }
    const control = responseHeaders.get(header.CACHE_CONTROL);
    if (control !== null && CacheControl.parse(control).noStore) {
      return this.endCapture(StoreResult.NoStore);
    }
    const type = responseHeaders.get(header.CONTENT_TYPE);
    const budget = this.cacheRoot.budget;
    if (type !== null && isEventStreamType(type)) {
      this.capture = new StreamCapture(config.maxAnswerBytes, budget);
    } else if (type !== null && isJsonType(type)) {
      this.capture = new JsonCapture(config.maxAnswerBytes, budget);
    } else {
      this.endCapture(StoreResult.ContentType);
    }
  }

  private finishCapture(capture: AnswerCapture): void {
    const answer = capture.finish();
    this.endCapture(answer === null ? capture.fault : this.storeAnswer(answer));
  }

  private storeAnswer(answer: CapturedAnswer): string {
    const store = this.cacheRoot.store;
    const key = this.key;
    const config = this.config;
    if (store === null || key === null || config === null) return StoreResult.NoStore;
    if (answer.hasToolCalls && config.keyMode == KeyMode.Text) return StoreResult.ToolCalls;
    const now = nowSeconds();
    const expires = config.ttl == 0 ? 0 : now + config.ttl;
    const record = new AnswerRecord(
      key.digest,
      now,
      expires,
      key.question,
      this.model,
      answer.json,
    );
    const result = store.put(record);
    if (result == PutResult.TooLarge) return StoreResult.TooLarge;
    if (result == PutResult.Contention) return StoreResult.Contention;
    recordStore(store.entries, store.bytes);
    return StoreResult.Stored;
  }

  /** Says what became of the answer, once. */
  private endCapture(result: string): void {
    this.dropCapture();
    this.key = null;
    countAnswer(result);
    setProperty(STORE_ATTRIBUTE, Bytes.of(result));
  }

  private dropCapture(): void {
    const capture = this.capture;
    if (capture !== null) capture.release();
    this.capture = null;
  }

  private decide(reason: string): void {
    this.reason = reason;
    countRequest(reason);
    setProperty(REASON_ATTRIBUTE, Bytes.of(reason));
    const kind = kindOf(reason);
    const isLookUp = kind == "hit" || kind == "miss";
    addToAiLog(["cache_reason", "cache_status"], [reason, isLookUp ? kind : "skip"]);
  }
}

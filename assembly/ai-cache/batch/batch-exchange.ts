import { MAX_TRAILED } from "../../proxy-wasm/body-buffer";
import { readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteShare } from "../../proxy-wasm/byte-budget";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { Pause } from "../../proxy-wasm/context";
import { HeaderSnapshot, requestHeaders, responseHeaders } from "../../proxy-wasm/header-map";
import { platform } from "../../proxy-wasm/platform";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerFinisher, HeldAnswer, replacing, takeAnswer } from "../../http/held-answer";
import { isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { clusterName } from "../../rules/request-facts";
import { formatDecimal } from "../../text/decimal";
import { AskedRequest } from "../capture/asked-request";
import { captureFault } from "../capture/open-capture";
import { ReplyBody } from "../form/answer-form";
import { CacheKey } from "../key/cache-key";
import { LookupStream } from "../lookup/lookup";
import { Outcome } from "../lookup/outcome";
import { countItems } from "../report/metrics";
import { AnsweredBy } from "../place/answered-by";
import { Bookkeeping } from "../capture/bookkeeping";
import { Reason, redisReason, StoreResult } from "../report/reasons";
import { replyOf } from "../replay/hit-reply";
import { reportAnswer } from "../report/answer-report";
import { Answers } from "../answers/answers";
import { expiry } from "../capture/fresh-record";
import { AnswerRecord } from "../store/record";
import { RecordsListener } from "../store/remote-store";
import { Batch, BatchParts } from "../function/base/batch";
import { Distrust } from "./distrust";
import { KnownItems } from "./known-items";

/** Largest answer to several items in bytes. */
const MAX_BYTES: i64 = 16 << 20;
/** Most items requested from the shared store. */
const MAX_SHARED: i32 = 1024;
const DETAILS = "ai_cache_batch";
const MESSAGE =
  "the answer to part of the request cannot be combined with the cached part: retry the request";

const distrust = new Distrust();

/**
 * A request for several items: cached items are removed from the request to the service, and its answer is
 * combined with them. An answer to all items passes unchanged. If the parts cannot be combined, the client
 * gets an error, and later requests are for all items.
 */
export class BatchExchange extends AnswerFinisher {
  /** The body that replaces the client's; null when that is sent unchanged. */
  body: Bytes | null = null;
  private readonly known: KnownItems;
  private readonly share: ByteShare;
  /** While a call to the shared store is pending. */
  private pause: Pause | null = null;
  /** Whether the request's body can be replaced. */
  private isChangeable: bool = true;
  /** Why nothing is looked up; empty when it is. */
  private reason: string = "";
  /** Why nothing was found. */
  private cold: string = Reason.MissCold;
  /** The keys of the items; empty if unknown. */
  private keys: CacheKey[] = [];
  private fingerprint: Bytes | null = null;
  /** An answer to all items, while it passes. */
  private copy: ByteWriter | null = null;
  private held: HeldAnswer | null = null;
  /** Why the answer is not cached (`StoreResult`); empty when it is. */
  private fault: string = "";
  /** Whether the answer may be from another service than the cached ones. */
  private isOther: bool = false;
  /** Whether Envoy made several attempts and it is unknown which one answered. */
  private isDoubtful: bool = false;

  constructor(
    private readonly stream: LookupStream,
    private readonly books: Bookkeeping,
    private readonly answers: Answers,
    private readonly request: AskedRequest,
    private readonly batch: Batch,
  ) {
    super();
    this.share = new ByteShare(books.budget, request.tenant);
    this.known = new KnownItems(new ByteShare(books.budget, request.tenant));
  }

  /** Whether the request is paused for the shared store. */
  get isWaiting(): bool {
    return this.pause !== null;
  }

  /**
   * What a callback for the paused request's body returns (`DataStatus`): a body can be replaced only in
   * the host's buffer, which accepts small bodies always, and large ones where its limit has been raised.
   */
  get pausedBody(): i32 {
    return this.isChangeable ? DataStatus.StopIterationAndBuffer : platform().pausedBody();
  }

  /**
   * Looks the items up. In a request callback. Null when the request is paused; then `stream.conclude` is
   * called.
   */
  lookUp(): Outcome | null {
    this.reason = this.find();
    return this.askOthers() ? null : this.settle();
  }

  /** Continues with what the shared store has of the missing items. */
  onRecords(records: (AnswerRecord | null)[], fault: string): void {
    const pause = this.pause;
    if (pause === null || !pause.enter()) return;
    this.pause = null;
    this.share.release();
    const request = this.request;
    const known = this.known;
    const now = nowSeconds();
    const added = known.add(records, request.directives, now);
    for (let i = 0; i < added.length; i++) {
      const record = known.recordOf(added[i]);
      if (record !== null) this.answers.keep(request.config, this.keys[added[i]], record);
    }
    if (fault.length > 0) this.cold = redisReason(fault);
    const reply = this.stream.conclude(this.settle());
    if (reply !== null) {
      pause.reply(reply);
      return;
    }
    const body = this.body;
    if (body !== null) {
      requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
      replaceBuffer(BufferType.RequestBody, body);
    }
    pause.resume();
  }

  /** Requests missing items from the shared store and pauses the request; false if it is not called. */
  private askOthers(): bool {
    const request = this.request;
    const remote = request.services.remote;
    const missing = this.known.missing;
    if (this.reason.length > 0 || missing.length == 0) return false;
    if (remote === null || !remote.isOwn || !this.share.take(<i64>this.batch.bytes)) return false;
    const isSmall = this.batch.bytes <= MAX_TRAILED;
    this.isChangeable = isSmall || platform().pausedBody() == DataStatus.StopIterationAndBuffer;
    const keys: CacheKey[] = [];
    for (let i = 0; i < missing.length && i < MAX_SHARED; i++) keys.push(this.keys[missing[i]]);
    const fault = remote.readMany(this.stream.root, keys, new SharedItems(this));
    if (fault.length > 0) this.cold = redisReason(fault);
    else this.pause = this.stream.pauseRequest();
    if (this.pause === null) this.share.release();
    return this.pause !== null;
  }

  /** Decides with what has been found. */
  private settle(): Outcome {
    const reason = this.reason.length > 0 ? this.reason : this.divide();
    this.batch.close();
    if (this.body !== null) {
      countItems(this.known.count, this.known.missing.length);
      return this.missed(reason);
    }
    if (reason != Reason.HitExact) {
      this.known.release();
      countItems(0, this.batch.count);
      return this.missed(reason);
    }
    const joined = this.batch.join(this.known.with([]), 0);
    const age = this.known.age;
    this.known.release();
    if (joined === null) {
      countItems(0, this.batch.count);
      return this.missed(Reason.MissForm);
    }
    countItems(this.batch.count, 0);
    return Outcome.answered(reason, replyOf(new ReplyBody(header.JSON_UTF8, joined), age));
  }

  /** `HeadersStatus`. */
  onHeaders(endOfStream: bool): i32 {
    const request = this.request;
    const answeredBy = AnsweredBy.current(request.requestPlace.place.cluster);
    const fingerprint = request.requestPlace.settle(answeredBy);
    const before = this.fingerprint;
    this.isOther = answeredBy.isFallback || (before !== null && !before.equals(fingerprint));
    this.isDoubtful = answeredBy.isDoubtful;
    if (before === null || !before.equals(fingerprint)) this.keys = this.batch.keysAt(fingerprint);
    const headers = responseHeaders.snapshot();
    this.fault = this.headersFault(headers, answeredBy.isFallback, endOfStream);
    if (this.body === null) {
      if (this.fault.length == 0) this.copy = new ByteWriter(1024);
      else reportAnswer(this.fault);
      return HeadersStatus.Continue;
    }
    // An error concerns the whole request.
    if (this.fault == StoreResult.Status) {
      reportAnswer(this.fault);
      this.known.release();
      return HeadersStatus.Continue;
    }
    if (endOfStream) {
      this.stream.reply(replacing(this.refuse(StoreResult.Cut), DETAILS));
      return HeadersStatus.StopIteration;
    }
    const held = takeAnswer(headers, MAX_BYTES, this.share);
    this.held = new HeldAnswer(this.stream, this, held, DETAILS);
    return HeadersStatus.StopIteration;
  }

  /** `DataStatus`. */
  onBody(size: i32, endOfStream: bool): i32 {
    const held = this.held;
    if (held !== null) return held.onPiece(size, endOfStream);
    const copy = this.copy;
    if (copy !== null && size > 0) {
      const fits = <i64>copy.length + <i64>size <= MAX_BYTES;
      if (fits && this.share.take(<i64>size)) copy.bytes(readBuffer(BufferType.ResponseBody, size));
      else this.end(fits ? StoreResult.Budget : AnswerFault.TooLarge);
    }
    if (endOfStream) this.finishCopy();
    return DataStatus.Continue;
  }

  /** `TrailersStatus`. */
  onTrailers(): i32 {
    const held = this.held;
    if (held !== null) return held.onTrailers();
    this.finishCopy();
    return TrailersStatus.Continue;
  }

  /** The stream is over: an answer that has not ended was cut. */
  cut(): void {
    if (this.copy !== null) this.end(StoreResult.Cut);
  }

  /** Releases what is held. */
  release(): void {
    const held = this.held;
    if (held !== null) held.release();
    this.share.release();
    this.known.release();
    this.copy = null;
    this.pause = null;
  }

  /** A complete answer to the missing items. */
  finish(body: Bytes): Bytes {
    const known = this.known;
    const fault = this.fault;
    const isReadable = fault != StoreResult.ContentType && fault != StoreResult.ContentEncoding;
    if (!isReadable) return this.refuse(fault);
    const parts = this.batch.split(body, known.missing);
    if (parts === null) return this.refuse(AnswerFault.Shape);
    if (this.isOther || !this.isUsual(parts.model)) return this.refuse(StoreResult.Fallback);
    const frame = known.missing.length > 0 ? known.missing[0] : 0;
    const joined = this.batch.join(known.with(parts.answers), frame);
    if (joined === null) return this.refuse(AnswerFault.Shape);
    reportAnswer(fault.length > 0 ? fault : this.store(parts, known.missing));
    this.known.release();
    return joined;
  }

  tooLarge(): Bytes | null {
    return this.refuse(AnswerFault.TooLarge);
  }

  /** Finds what is stored in this process. Returns the reason why nothing is looked for, empty when it is. */
  private find(): string {
    const request = this.request;
    const fingerprint = request.requestPlace.fingerprintFor(request.config);
    this.fingerprint = fingerprint;
    if (fingerprint === null) return Reason.MissPlace;
    this.keys = this.batch.keysAt(fingerprint);
    if (request.directives.noCache) return Reason.MissCold;
    const now = nowSeconds();
    if (distrust.has(this.batch.form, now)) return Reason.MissForm;
    this.known.find(this.answers, this.keys, request.directives, now);
    return "";
  }

  /** Settles which items are asked for. Returns the reason. */
  private divide(): string {
    const known = this.known;
    if (known.missing.length == 0) return Reason.HitExact;
    const sample = known.sample;
    if (sample === null) return this.cold;
    if (!this.isChangeable) return Reason.MissForm;
    // What arrives must fit next to what is held already.
    if (known.missing.length > this.batch.mostLike(sample.answer)) return Reason.MissForm;
    this.body = this.batch.bodyFor(known.missing);
    return Reason.MissPartial;
  }

  private missed(reason: string): Outcome {
    return Outcome.missed(reason, this.request.directives, this.request.shape.protocol);
  }

  private headersFault(headers: HeaderSnapshot, isFallback: bool, endOfStream: bool): string {
    const request = this.request;
    const fault = captureFault(headers, request.config, request.isShared, clusterName());
    if (fault.length > 0) return fault;
    if (!isJsonType(headers.getOrEmpty(header.CONTENT_TYPE))) return StoreResult.ContentType;
    if (isFallback) return StoreResult.Fallback;
    return endOfStream ? StoreResult.Cut : "";
  }

  /** Stores an answer to all items that has passed. */
  private finishCopy(): void {
    const copy = this.copy;
    if (copy === null) return;
    const items: i32[] = [];
    for (let i = 0; i < this.batch.count; i++) items.push(i);
    const parts = this.batch.split(copy.toBytes(), items);
    let result: string = AnswerFault.Shape;
    if (parts !== null) {
      result = this.isUsual(parts.model) ? this.store(parts, items) : StoreResult.Fallback;
    }
    this.end(result);
  }

  /** Whether the answer comes from the model that usually answers. */
  private isUsual(answered: Bytes): bool {
    const models = this.books.models;
    const form = this.batch.form;
    const asked = this.request.shape.model;
    if (this.isDoubtful) return models.isUsual(form, asked, answered);
    models.note(form, asked, answered);
    return true;
  }

  /** Stores the answers to some items. Returns a `StoreResult`. */
  private store(parts: BatchParts, items: i32[]): string {
    const request = this.request;
    const config = request.config;
    const now = nowSeconds();
    const expires = expiry(config, request.shape.form.longestLife, now);
    const none = Bytes.empty();
    const keys: CacheKey[] = [];
    const records: AnswerRecord[] = [];
    let result: string = StoreResult.Stored;
    for (let i = 0; i < items.length && i < parts.answers.length; i++) {
      const answer = parts.answers[i];
      const key = this.keys[items[i]];
      if (answer.length > config.maxAnswerBytes) {
        result = StoreResult.TooLarge;
        continue;
      }
      const model = request.shape.model;
      const record = new AnswerRecord(key.digest, now, expires, none, model, answer);
      record.cost = parts.costs[i];
      record.tenant = request.owner;
      const put = this.answers.put(config, key, record, false, null, null);
      if (put != StoreResult.Stored) result = put;
      keys.push(key);
      records.push(record);
    }
    const remote = request.services.remote;
    if (remote !== null && remote.isOwn) remote.writeMany(this.stream.root, keys, records);
    return result;
  }

  /** The error in place of an answer that cannot be put together because of `fault`. */
  private refuse(fault: string): Bytes {
    distrust.note(this.batch.form, nowSeconds());
    reportAnswer(fault);
    this.known.release();
    responseHeaders.set(header.STATUS, formatDecimal(503));
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    responseHeaders.remove(header.CONTENT_ENCODING);
    return this.request.shape.protocol.errorBody(503, "partial_answer", MESSAGE);
  }

  private end(result: string): void {
    this.copy = null;
    this.share.release();
    reportAnswer(result);
  }
}

class SharedItems extends RecordsListener {
  constructor(private readonly exchange: BatchExchange) {
    super();
  }

  onRecords(records: (AnswerRecord | null)[], fault: string): void {
    this.exchange.onRecords(records, fault);
  }
}

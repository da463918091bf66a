import { readBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { StreamContext } from "../proxy-wasm/context";
import { responseHeaders } from "../proxy-wasm/header-map";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { ClientProtocol } from "../chat/error-body";
import * as header from "../http/names";
import { cacheStatus } from "./cache-status";
import { AnswerCapture } from "./capture/answer-capture";
import { captureFault, openCapture } from "./capture/open-capture";
import { CacheConfig } from "./config/cache-config";
import { CacheKey } from "./key/cache-key";
import { MeaningSearch } from "./lookup/meaning-search";
import { RequestShape } from "./lookup/request-shape";
import { Shadow } from "./lookup/shadow";
import { StoreResult } from "./reasons";
import { reportAnswer } from "./report";
import { AiCacheRoot } from "./root";
import { newRecord, putVector } from "./store/answers";
import { Vector } from "./vector/vector";

/** The half of an exchange behind the decision: a fresh answer is captured and stored. */
export abstract class AnswerSide extends StreamContext {
  protected config: CacheConfig | null = null;
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

  onResponseHeaders(endOfStream: bool): i32 {
    const config = this.config;
    if (config === null || this.replied) return HeadersStatus.Continue;
    if (config.statusHeader) {
      responseHeaders.add(header.CACHE_STATUS, this.cacheStatus(config));
    }
    if (this.key === null) return HeadersStatus.Continue;
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

  /** Says what became of the answer, once. */
  protected endCapture(result: string): void {
    this.dropCapture();
    this.key = null;
    reportAnswer(result);
  }

  protected dropCapture(): void {
    const capture = this.capture;
    if (capture !== null) capture.release();
    this.capture = null;
  }
}

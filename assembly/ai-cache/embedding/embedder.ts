import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds, nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCallResponse } from "../../proxy-wasm/http-call";
import { logWarn } from "../../proxy-wasm/log";
import { CallStart, ServiceClient } from "../../service/service-client";
import { xxhash64 } from "../../text/xxhash64";
import { countEmbedding } from "../report/metrics";
import { Reason } from "../report/reasons";
import { Vector } from "../vector/vector";
import { EmbeddingCall, EmbeddingListener, EmbeddingTaker } from "./embedding-call";
import { EmbeddingConfig } from "./embedding-config";
import { VectorMemo } from "./memo";
import { readVector } from "./reply";
import { embeddingRequest } from "./request";

/** Envoy's own statuses: no connection, timeout. */
const UNREACHABLE: i32 = 503;
const TIMED_OUT: i32 = 504;
const SUCCESS: i32 = 200;
/** Most pending questions; further ones continue without a vector. */
const MAX_CALLS: i32 = 256;
/** Consecutive vectors of another length after which the model counts as changed. */
const SETTLED: i32 = 3;

/**
 * Gets the vectors of questions from an embedding service: one call per question, however many requests
 * wait for it; recent vectors are remembered.
 */
export class Embedder extends EmbeddingTaker {
  /** Identifies the vectors of this service with these settings. */
  readonly space: u64;
  private readonly client: ServiceClient;
  private readonly memo: VectorMemo = new VectorMemo();
  private readonly calls: EmbeddingCall[] = [];
  private dimensions: i32 = 0;
  /** The deviating length of recent vectors, and their number. */
  private otherLength: i32 = 0;
  private others: i32 = 0;

  /** `budgetMs`: timeout of a look-up with all its calls. */
  constructor(
    private readonly config: EmbeddingConfig,
    private readonly budgetMs: u32,
    /** Whether vectors are sent on to a store. */
    private readonly keepsJson: bool = false,
  ) {
    super();
    this.space = xxhash64(config.space);
    this.client = new ServiceClient("embedding service " + config.provider.type, config.clusters);
  }

  /** The type of the service. */
  get name(): string {
    return this.config.provider.type;
  }

  /** The vector of a question, if remembered. */
  known(question: Bytes): Vector | null {
    return this.memo.get(question);
  }

  /**
   * Requests the vector of a question. Empty: `listener` will be called, once. Otherwise the `Reason` why
   * not, and it will not be called.
   */
  ask(root: RootContext, question: Bytes, listener: EmbeddingListener): string {
    for (let i = 0; i < this.calls.length; i++) {
      if (!this.calls[i].question.equals(question)) continue;
      this.calls[i].listeners.push(listener);
      return "";
    }
    if (this.calls.length >= MAX_CALLS) return Reason.ErrorEmbeddingBusy;
    const timeout = min(this.config.timeoutMs, this.budgetMs);
    const call = new EmbeddingCall(this, question);
    const request = embeddingRequest(this.config, question, timeout, nowSeconds());
    switch (this.client.start(root, call, request)) {
      case CallStart.Started:
        call.listeners.push(listener);
        this.calls.push(call);
        return "";
      case CallStart.NoCluster:
        return Reason.ErrorEmbeddingNoCluster;
      case CallStart.Refused:
        return Reason.ErrorEmbeddingUnreachable;
      default:
        return Reason.ErrorEmbeddingOpen;
    }
  }

  answered(call: EmbeddingCall, response: HttpCallResponse): void {
    const index = this.calls.indexOf(call);
    if (index >= 0) this.calls.splice(index, 1);
    const status = response.status;
    const fault = faultOf(status);
    let vector: Vector | null = null;
    let lengths = "";
    if (fault.length == 0) {
      vector = readVector(this.config, this.space, response.body(), this.keepsJson);
      if (vector !== null && !this.fits(vector)) {
        lengths = ", " + lengthsOf(vector.dimensions, this.dimensions);
        vector = null;
      }
    }
    const result = fault.length > 0 ? fault : vector === null ? Reason.ErrorEmbeddingReply : "";
    countEmbedding(result.length == 0 ? "ok" : result, nowMilliseconds() - call.started);
    if (vector !== null) {
      this.client.succeeded();
      this.memo.put(call.question, vector);
    } else {
      const isSlow = status == TIMED_OUT;
      this.client.failed(isSlow, result + ", status " + status.toString() + lengths);
    }
    for (let i = 0; i < call.listeners.length; i++) call.listeners[i].onEmbedding(vector, result);
  }

  /**
   * Whether a vector is as long as the previous ones. A service that keeps returning another length has
   * another model: then a new space begins, in which questions are indexed as they are asked again.
   */
  private fits(vector: Vector): bool {
    const length = vector.dimensions;
    if (this.dimensions == 0) this.dimensions = length;
    if (this.dimensions == length) {
      this.others = 0;
      return true;
    }
    this.others = this.otherLength == length ? this.others + 1 : 1;
    this.otherLength = length;
    if (this.others < SETTLED) return false;
    logWarn(
      this.config.provider.type +
        ": " +
        lengthsOf(length, this.dimensions) +
        ": the earlier vectors are not used any more",
    );
    this.dimensions = length;
    this.others = 0;
    this.memo.clear();
    return true;
  }
}

function lengthsOf(now: i32, before: i32): string {
  return "a vector of " + now.toString() + " dimensions after vectors of " + before.toString();
}

function faultOf(status: i32): string {
  if (status == SUCCESS) return "";
  if (status == TIMED_OUT) return Reason.ErrorEmbeddingTimeout;
  const isUnreachable = status == UNREACHABLE || status == 0;
  return isUnreachable ? Reason.ErrorEmbeddingUnreachable : Reason.ErrorEmbeddingStatus;
}

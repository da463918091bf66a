import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { HttpCall, HttpCallResponse } from "../../proxy-wasm/http-call";
import { Vector } from "../vector/vector";

/** Receives the vector of a question. */
export abstract class EmbeddingListener {
  /** Runs once: the vector, or null and a `Reason` for having none. */
  abstract onEmbedding(vector: Vector | null, fault: string): void;
}

/** Receives the result of a call. */
export abstract class EmbeddingTaker {
  /** Runs once: the service has answered, or will not. */
  abstract answered(call: EmbeddingCall, response: HttpCallResponse): void;
}

/** A pending call to the embedding service, and all that wait for its vector. */
export class EmbeddingCall extends HttpCall {
  readonly listeners: EmbeddingListener[] = [];
  /** When it was sent, in ms. */
  readonly started: u64 = nowMilliseconds();

  constructor(
    private readonly taker: EmbeddingTaker,
    readonly question: Bytes,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    this.taker.answered(this, response);
  }
}

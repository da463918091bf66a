import { Bytes } from "../../../proxy-wasm/bytes";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { Batch } from "./batch";
import { CacheConfig } from "../../config/cache-config";
import { KeyDraft } from "../../key/cache-key";
import { RequestShape } from "../../request/request-shape";

/** A complete request. */
export class FunctionRequest {
  constructor(
    readonly config: CacheConfig,
    /** What the client speaks. */
    readonly protocol: ClientProtocol,
    /** The path and query that it was sent to. */
    readonly target: Bytes,
    /** What its headers and its place say about its key: see `readRequestScope`. */
    readonly scope: Bytes,
    /** Empty where the method has none. */
    readonly body: Bytes,
  ) {}
}

/** What a request asks for, as the cache sees it. */
export class FunctionCall {
  private constructor(
    /** Why it is not cached (`Reason`); empty when it is. */
    readonly fault: string,
    /** Of the key of its answer; null where that consists of several. */
    readonly draft: KeyDraft | null,
    /** Null when it is not cached. */
    readonly shape: RequestShape | null,
    /** Where the answer consists of several that are stored each for itself. */
    readonly batch: Batch | null,
  ) {}

  /** Not cached because of `fault` (`Reason`). */
  static none(fault: string): FunctionCall {
    return new FunctionCall(fault, null, null, null);
  }

  /** One answer. */
  static one(draft: KeyDraft, shape: RequestShape): FunctionCall {
    return new FunctionCall("", draft, shape, null);
  }

  /** Several answers in one. */
  static many(batch: Batch, shape: RequestShape): FunctionCall {
    return new FunctionCall("", null, shape, batch);
  }
}

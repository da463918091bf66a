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
    /** The client's protocol. */
    readonly protocol: ClientProtocol,
    /** Its path and query. */
    readonly target: Bytes,
    /** The part of its key from headers and place: see `readRequestScope`. */
    readonly scope: Bytes,
    /** Empty for methods without a body. */
    readonly body: Bytes,
  ) {}
}

/** A request as the cache sees it. */
export class FunctionCall {
  private constructor(
    /** Why it is not cached (`Reason`); empty when it is. */
    readonly fault: string,
    /** Of the key of its answer; null for several answers. */
    readonly draft: KeyDraft | null,
    /** Null when it is not cached. */
    readonly shape: RequestShape | null,
    /** For several answers that are cached separately. */
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

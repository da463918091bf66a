import { CacheControl } from "../../http/cache-control";
import { CacheConfig } from "../config/cache-config";
import { RequestShape } from "../request/request-shape";
import { RequestPlace } from "../place/request-place";
import { Services } from "../services/services";

/** A request that may be answered from the cache. */
export class AskedRequest {
  constructor(
    readonly services: Services,
    readonly requestPlace: RequestPlace,
    readonly shape: RequestShape,
    /** What the client allows. */
    readonly directives: CacheControl,
    /** Whether anonymous clients share the answer. */
    readonly isShared: bool,
    /** The tenant's number in the memory budget. */
    readonly tenant: u64,
  ) {}

  get config(): CacheConfig {
    return this.services.config;
  }

  /** The tenant in the store, 0 where clients share answers. */
  get owner(): u32 {
    return this.isShared ? 0 : <u32>this.tenant;
  }
}

import { CacheControl } from "../../http/cache-control";
import { CacheConfig } from "../config/cache-config";
import { RequestShape } from "../request/request-shape";
import { Whereabouts } from "../place/whereabouts";
import { Services } from "../services/services";

/** What is known of a request that may be answered from the cache. */
export class AskedRequest {
  constructor(
    readonly services: Services,
    readonly whereabouts: Whereabouts,
    readonly shape: RequestShape,
    /** What the client allows. */
    readonly directives: CacheControl,
    /** Whether askers share the answer who are not told apart. */
    readonly isShared: bool,
    /** A number for who asks, for the budget of what streams hold. */
    readonly tenant: u64,
  ) {}

  get config(): CacheConfig {
    return this.services.config;
  }

  /** Stands for who asks in the store, 0 where askers share answers. */
  get owner(): u32 {
    return this.isShared ? 0 : <u32>this.tenant;
  }
}

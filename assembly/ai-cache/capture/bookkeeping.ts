import { ByteBudget } from "../../proxy-wasm/byte-budget";
import { LastModels } from "../place/last-models";
import { ScopeSketch } from "../place/scope-sketch";

/** State of one worker for all passing answers. */
export class Bookkeeping {
  /** Bytes of requests and answers held on this worker. */
  readonly budget: ByteBudget = new ByteBudget(0);
  /** The models named in recent answers. */
  readonly models: LastModels = new LastModels();
  /** Recently cached requests of all tenants. */
  readonly sketch: ScopeSketch = new ScopeSketch();
}

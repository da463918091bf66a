import { ByteBudget } from "../../proxy-wasm/byte-budget";
import { LastModels } from "../place/last-models";
import { ScopeSketch } from "../place/scope-sketch";

/** What one worker keeps for all answers that pass. */
export class Bookkeeping {
  /** Bytes of requests and answers that are held on this worker. */
  readonly budget: ByteBudget = new ByteBudget(0);
  /** The models that answers have told. */
  readonly models: LastModels = new LastModels();
  /** What has been stored, by whomever. */
  readonly sketch: ScopeSketch = new ScopeSketch();
}

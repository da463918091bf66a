import { KeyMode } from "../key/key-mode";
import { scopeOf } from "../answers/answers";
import { StoredAnswer } from "../vector-store/reply";
import { ResultListener } from "../vector-store/vector-store";
import { LookupQuery } from "./query";
import { semanticHit, semanticMiss } from "./semantic-hit";
import { Finding, LookupStep, Waiter, Weight } from "./step";

/** Similar questions in a shared vector store. */
export class VectorStoreStep extends LookupStep {
  look(query: LookupQuery, waiter: Waiter): Finding {
    const store = query.services.vectorStore;
    const vector = query.vector;
    if (store === null || vector === null || vector.json.length == 0) return Finding.NONE;
    const scope = scopeOf(query.key);
    const listener = new WaitingForResults(query, waiter, scope);
    const fault = store.query(query.root, vector.json, scope, listener);
    return fault.length == 0 ? Finding.WAITS : Finding.end(Weight.Shortfall, fault);
  }
}

class WaitingForResults extends ResultListener {
  constructor(
    private readonly query: LookupQuery,
    private readonly waiter: Waiter,
    /** Hex. */
    private readonly scope: string,
  ) {
    super();
  }

  onResults(results: StoredAnswer[] | null, fault: string): void {
    if (!this.waiter.enter()) return;
    const finding = results === null ? Finding.end(Weight.Shortfall, fault) : this.judge(results);
    this.waiter.resume(finding);
  }

  private judge(results: StoredAnswer[]): Finding {
    const query = this.query;
    const search = query.search;
    if (search === null) return Finding.NONE;
    const isFull = query.config.keyMode == KeyMode.Full;
    const isFound = search.byResults(results, isFull ? this.scope : "");
    const expired = search.expired;
    const store = query.services.vectorStore;
    if (store !== null && expired !== null) store.remove(query.root, this.scope, expired);
    return isFound ? semanticHit(query, search) : semanticMiss(search);
  }
}

import { EmbeddingListener } from "../embedding/embedding-call";
import { Vector } from "../vector/vector";
import { LookupQuery } from "./query";
import { semanticHit, semanticMiss } from "./semantic-hit";
import { Finding, LookupStep, Waiter, Weight } from "./step";

/** Cached questions whose vectors are similar to that of the question, from an embedding service. */
export class VectorStep extends LookupStep {
  look(query: LookupQuery, waiter: Waiter): Finding {
    const embedder = query.services.embedder;
    if (embedder === null || query.search === null) return Finding.NONE;
    const question = query.key.question;
    const vector = embedder.known(question);
    if (vector !== null) return byVector(query, vector);
    const fault = embedder.ask(query.root, question, new WaitingForVector(query, waiter));
    return fault.length == 0 ? Finding.WAITS : Finding.end(Weight.Shortfall, fault);
  }
}

class WaitingForVector extends EmbeddingListener {
  constructor(
    private readonly query: LookupQuery,
    private readonly waiter: Waiter,
  ) {
    super();
  }

  onEmbedding(vector: Vector | null, fault: string): void {
    if (!this.waiter.enter()) return;
    const finding =
      vector === null ? Finding.end(Weight.Shortfall, fault) : byVector(this.query, vector);
    this.waiter.resume(finding);
  }
}

function byVector(query: LookupQuery, vector: Vector): Finding {
  query.vector = vector;
  const search = query.search;
  if (search === null) return Finding.NONE;
  return search.byVector(vector) ? semanticHit(query, search) : semanticMiss(search);
}

import { RootContext } from "../../proxy-wasm/context";
import { Answers } from "../answers/answers";
import { EmbeddingListener } from "../embedding/embedding-call";
import { CacheKey } from "../key/cache-key";
import { MeaningSearch } from "../meaning/meaning-search";
import { Services } from "../services/services";
import { AnswerRecord } from "../store/record";
import { Vector } from "../vector/vector";
import { putVector } from "./fresh-record";

/** Adds the vector of its question to a cached answer, which was not known when it was cached. */
export class LateVector extends EmbeddingListener {
  constructor(
    private readonly root: RootContext,
    private readonly services: Services,
    private readonly answers: Answers,
    private readonly key: CacheKey,
    private readonly record: AnswerRecord,
    private readonly search: MeaningSearch,
  ) {
    super();
  }

  /** Requests the vector unless it is known, in the background. */
  ask(): void {
    const embedder = this.services.embedder;
    const question = this.key.question;
    if (embedder === null || question.length == 0) return;
    const known = embedder.known(question);
    if (known !== null) this.onEmbedding(known, "");
    else embedder.ask(this.root, question, this);
  }

  onEmbedding(vector: Vector | null, _fault: string): void {
    if (vector === null) return;
    const record = this.record;
    const stored = this.answers.peek(this.key.digest);
    // Another answer may have been cached meanwhile.
    if (stored === null || stored.created != record.created) return;
    this.answers.put(this.services.config, this.key, record, false, this.search, vector);
    putVector(this.root, this.services, this.key, record, vector);
  }
}

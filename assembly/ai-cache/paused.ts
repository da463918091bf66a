import { Pause } from "../proxy-wasm/context";
import { EmbeddingListener } from "./embedding/embedding-call";
import { AnswerRecord } from "./store/record";
import { RecordListener } from "./store/remote-store";
import { AiCacheStream } from "./stream";
import { Vector } from "./vector/vector";
import { StoredAnswer } from "./vector-store/reply";
import { ResultListener } from "./vector-store/vector-store";

/** A stream that waits for the vector of its question. */
export class WaitingForVector extends EmbeddingListener {
  constructor(
    private readonly stream: AiCacheStream,
    private readonly pause: Pause,
  ) {
    super();
  }

  onEmbedding(vector: Vector | null, fault: string): void {
    this.stream.resumeWithVector(this.pause, vector, fault);
  }
}

/** A stream that waits for near questions. */
export class WaitingForResults extends ResultListener {
  constructor(
    private readonly stream: AiCacheStream,
    private readonly pause: Pause,
  ) {
    super();
  }

  onResults(results: StoredAnswer[] | null, fault: string): void {
    this.stream.resumeWithResults(this.pause, results, fault);
  }
}

/** A stream that waits for an answer from outside. */
export class WaitingForRecord extends RecordListener {
  constructor(
    private readonly stream: AiCacheStream,
    private readonly pause: Pause,
  ) {
    super();
  }

  onRecord(record: AnswerRecord | null, fault: string): void {
    this.stream.resumeWithRecord(this.pause, record, fault);
  }
}

import { Pause } from "../proxy-wasm/context";
import { EmbeddingListener } from "./embedding/embedding-call";
import { AnswerRecord } from "./store/record";
import { RecordListener } from "./store/remote-store";
import { AiCacheStream } from "./stream";
import { Vector } from "./vector/vector";

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

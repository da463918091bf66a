import { Bytes } from "../proxy-wasm/bytes";
import { ToolNames } from "./tool-names";

/** What an answer has to know of the request that it answers. */
export class AnswerTerms {
  /** Members of the request that the answer repeats, each with a comma in front. */
  echo: Bytes = Bytes.empty();
  /** Whether the vendor may tell several calls of a stream under one index. */
  mixesCalls: bool = false;
  /** Whether a stream is to be one JSON array, not events. */
  asArray: bool = false;
  /** Whether the client does not want to see the reasoning. */
  hidesReasoning: bool = false;
  /** Whether the answer takes the place of the thread (a compaction). */
  compacts: bool = false;
  /** Whether that is all that was asked for. */
  isCompaction: bool = false;

  constructor(
    /** The names by which the model is told of the client's tools. */
    readonly tools: ToolNames = new ToolNames(),
  ) {}

  /** Whether calls have to be edited in an answer that is the client's otherwise. */
  get editsCalls(): bool {
    return this.mixesCalls || !this.tools.isEmpty;
  }
}

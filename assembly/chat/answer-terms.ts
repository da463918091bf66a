import { Bytes } from "../proxy-wasm/bytes";
import { TextMap } from "../text/text-map";
import { ToolNames } from "./tool-names";

/** What the encoding of an answer needs to know of its request. */
export class AnswerTerms {
  /** Members of the request that the answer repeats, as JSON. */
  echo: Bytes = Bytes.empty();
  /** Whether the vendor may stream several calls under one index. */
  mixesCalls: bool = false;
  /** Whether a stream is one JSON array instead of events. */
  asArray: bool = false;
  /** Whether the client sends functions, the predecessors of tools, of which an answer calls at most one. */
  hasFunctions: bool = false;
  /** The names of the client's tools that take a text, which are functions for the vendor; null for none. */
  customTools: TextMap<bool> | null = null;
  /** Whether the client does not want the reasoning. */
  hidesReasoning: bool = false;
  /** Whether the answer replaces the thread (a compaction). */
  compacts: bool = false;
  /** Whether nothing else was requested. */
  isCompaction: bool = false;
  /** An estimate of the prompt's tokens, for protocols that tell them before the vendor does; 0 for none. */
  promptTokens: u64 = 0;

  constructor(
    /** The names under which the model knows the client's tools. */
    readonly tools: ToolNames = new ToolNames(),
  ) {}

  /** Whether calls must be edited in an answer that is otherwise passed unchanged. */
  get editsCalls(): bool {
    return this.mixesCalls || !this.tools.isEmpty;
  }
}

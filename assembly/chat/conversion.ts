import { Bytes } from "../proxy-wasm/bytes";
import { AnswerTerms } from "./answer-terms";
import { Losses } from "./losses";
import { ToolNames } from "./tool-names";

/** The conversion of a client's request into OpenAI's form: what the vendor supports, and why it failed. */
export class ChatConversion {
  /** The path and query that the request was sent to. */
  target: Bytes = Bytes.empty();
  /** What cannot be expressed in OpenAI's form; empty when everything can. */
  fault: string = "";
  /** Whether the vendor supports `top_k`. */
  takesTopK: bool = false;
  /** Whether the vendor supports `prompt_cache_key`. */
  takesCacheKey: bool = false;
  /** Whether the vendor's own API may take the address of a file; it refuses those that it does not. */
  takesAddresses: bool = false;
  /** Whether the vendor supports a reasoning budget. */
  takesBudget: bool = false;
  /** What the answer needs to know. */
  readonly terms: AnswerTerms = new AnswerTerms();

  constructor(
    /** What the translation leaves out. */
    readonly losses: Losses = new Losses(),
  ) {}

  /** The names under which the model knows the client's tools. */
  get tools(): ToolNames {
    return this.terms.tools;
  }

  /** Records a fault; the first one counts. */
  refuse(message: string): void {
    if (this.fault.length == 0) this.fault = message;
  }
}

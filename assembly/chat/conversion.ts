import { Bytes } from "../proxy-wasm/bytes";
import { AnswerTerms } from "./answer-terms";
import { Losses } from "./losses";
import { ToolNames } from "./tool-names";

/** A client's request on its way into OpenAI's form: what the vendor takes, and what is wrong. */
export class ChatConversion {
  /** The path and query that the request was sent to. */
  target: Bytes = Bytes.empty();
  /** What cannot be said in OpenAI's form; empty when everything can. */
  fault: string = "";
  /** Whether the vendor takes `top_k`. */
  takesTopK: bool = false;
  /** Whether the vendor takes a budget for reasoning. */
  takesBudget: bool = false;
  /** What the answer has to know. */
  readonly terms: AnswerTerms = new AnswerTerms();

  constructor(
    /** What is left out. */
    readonly losses: Losses = new Losses(),
  ) {}

  /** The names by which the model is told of the client's tools. */
  get tools(): ToolNames {
    return this.terms.tools;
  }

  /** Notes what is wrong; the first counts. */
  refuse(words: string): void {
    if (this.fault.length == 0) this.fault = words;
  }
}

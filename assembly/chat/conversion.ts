import { Bytes } from "../proxy-wasm/bytes";

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
  /** Whether the vendor takes the reasoning of former turns. */
  takesReasoning: bool = false;

  /** Whether the vendor takes the signatures under its reasoning. */
  takesSignatures: bool = false;
  /** Members of the request that the answer repeats, each with a comma in front. */
  echo: Bytes = Bytes.empty();

  /** Notes what is wrong; the first counts. */
  refuse(words: string): void {
    if (this.fault.length == 0) this.fault = words;
  }
}

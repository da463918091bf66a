/** A client's request on its way into OpenAI's form: what the vendor takes, and what is wrong. */
export class ChatConversion {
  /** What cannot be said in OpenAI's form; empty when everything can. */
  fault: string = "";
  /** Whether the vendor takes `top_k`. */
  takesTopK: bool = false;
  /** Whether the vendor takes a budget for reasoning. */
  takesBudget: bool = false;
  /** Whether the vendor takes the reasoning of former turns. */
  takesReasoning: bool = false;

  /** Notes what is wrong; the first counts. */
  refuse(words: string): void {
    if (this.fault.length == 0) this.fault = words;
  }
}

import { Bytes } from "../proxy-wasm/bytes";
import { SseHandler } from "../http/sse";
import { AnswerFault } from "./answer-fault";

/** Reassembles a streamed answer. */
export abstract class AnswerAssembler implements SseHandler {
  /** `AnswerFault`; the first one stays. */
  fault: string = AnswerFault.None;

  /** The next event of the stream: its type and data. */
  abstract onEvent(type: Bytes, data: Bytes): void;

  /** The whole answer; null with `fault` set when the stream did not end properly. */
  abstract assemble(): Bytes | null;

  /** What ended an answer, as JSON: a different reason than before is a fault, because clients disagree then. */
  protected steady(before: Bytes, now: Bytes): Bytes {
    if (before.length > 0 && !before.equals(now)) this.fail(AnswerFault.FinishReason);
    return now.copy();
  }

  protected fail(fault: string): void {
    if (this.fault.length == 0) this.fault = fault;
  }
}

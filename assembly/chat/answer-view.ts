import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import { MODEL } from "./names";

/** A complete answer as a cache sees it, whatever its protocol. */
export abstract class AnswerView {
  /** Whether a complete answer must have a finish reason, if the protocol has one. */
  needsReason: bool = true;

  constructor(readonly document: JsonDocument) {}

  /** Why it is not cached (`AnswerFault`), empty when it may be. */
  abstract fault(): string;

  /** Whether it calls tools. */
  abstract get hasToolCalls(): bool;

  /** Its text, empty when it has none. */
  abstract get text(): Bytes;

  /** The model that it names; empty when it names none. */
  get model(): Bytes {
    return this.document.text(this.document.member(0, MODEL));
  }
}

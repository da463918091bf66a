import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import { MODEL } from "./names";

/** A complete answer as a cache sees it, whatever its protocol. */
export abstract class AnswerView {
  /** Whether a whole answer has to say why it has ended, where the protocol has a word for it. */
  needsReason: bool = true;

  constructor(readonly document: JsonDocument) {}

  /** What keeps it from being stored (`AnswerFault`), empty when nothing does. */
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

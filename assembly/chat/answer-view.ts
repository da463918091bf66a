import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import { MODEL } from "./names";

/** A complete answer as a cache sees it, whatever its protocol. */
export abstract class AnswerView {
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

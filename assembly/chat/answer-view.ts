import { Bytes } from "../proxy-wasm/bytes";

/** A complete answer as a cache sees it, whatever its protocol. */
export abstract class AnswerView {
  /** What keeps it from being stored (`AnswerFault`), empty when nothing does. */
  abstract fault(): string;

  /** Whether it calls tools. */
  abstract get hasToolCalls(): bool;

  /** Its text, empty when it has none. */
  abstract get text(): Bytes;
}

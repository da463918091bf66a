import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import { MODEL } from "./names";

const THINK = Bytes.of("<think>");
const END_THINK = Bytes.of("</think>");

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

  /**
   * The text without reasoning that stands in front of it as `<think>…</think>`, as of servers that do not separate
   * them. The opening tag may be missing: templates put it into the prompt. Empty for reasoning without an end.
   */
  get answerText(): Bytes {
    const text = this.text.trim();
    const end = text.find(END_THINK);
    if (end < 0) return text.startsWith(THINK) ? Bytes.empty() : text;
    if (text.slice(0, end).find(THINK) > 0) return text;
    return text.slice(end + END_THINK.length).trim();
  }

  /** The model that it names; empty when it names none. */
  get model(): Bytes {
    return this.document.text(this.document.member(0, MODEL));
  }
}

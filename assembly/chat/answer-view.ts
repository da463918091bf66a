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
   * What the text says behind reasoning that stands in front of it as `<think>…</think>`, as of servers that
   * do not separate them. Reasoning without an end says nothing.
   */
  get said(): Bytes {
    const text = this.text.trim();
    if (!text.startsWith(THINK)) return text;
    const end = text.find(END_THINK);
    return end < 0 ? Bytes.empty() : text.slice(end + END_THINK.length).trim();
  }

  /** The model that it names; empty when it names none. */
  get model(): Bytes {
    return this.document.text(this.document.member(0, MODEL));
  }
}

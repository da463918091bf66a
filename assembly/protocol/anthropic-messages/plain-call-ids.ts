import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerSink } from "../../chat/answer-sink";
import { fitCallId, isFittingCallId } from "../../chat/call-id";
import { ForwardingSink } from "../../chat/encode/forwarding-sink";

/** Anthropic's API: `^[a-zA-Z0-9_-]+$`, at most 64 characters. */
const LONGEST: i32 = 64;

/**
 * Forwards an answer with call identifiers that Anthropic accepts: clients send them to Anthropic when they
 * change the model in mid-session.
 */
export class PlainCallIds extends ForwardingSink {
  constructor(next: AnswerSink) {
    super(next);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    const isPlain = isFittingCallId(id, LONGEST, true);
    this.next.toolStart(index, isPlain ? id : fitCallId(id, LONGEST), name);
  }
}

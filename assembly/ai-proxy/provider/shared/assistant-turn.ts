import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isClaudes } from "../../../chat/signature";
import { JsonDocument, Kind } from "../../../json/document";

const THINKING = Bytes.of("thinking");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const REASONING_SIGNATURE = Bytes.of("reasoning_signature");
const SIGNATURE = Bytes.of("signature");
const DATA = Bytes.of("data");
const TOOL_USE = Bytes.of("tool_use");

/** Receives the parts of an assistant's turn, in order. */
export abstract class AssistantTurn {
  /** Reasoning, with the signature that the client kept. */
  abstract thought(text: Bytes, kept: Bytes): void;

  /** Encrypted reasoning, which only Claude can read. */
  abstract redacted(data: Bytes): void;

  /** A text between blocks of reasoning. */
  abstract text(text: Bytes): void;

  /** The node of `content`, if there are no texts between blocks of reasoning. */
  abstract content(content: i32): void;

  /** The node of a call that has a name. */
  abstract call(call: i32): void;
}

/** Reports the parts of an assistant's message to `turn`, in order. */
export function visitAssistant(document: JsonDocument, message: i32, turn: AssistantTurn): void {
  const calls = document.member(message, names.TOOL_CALLS);
  const blocks = document.member(message, THINKING_BLOCKS);
  let left = document.size(calls);
  let call = calls + 1;
  let hasSpoken = false;
  for (let block = document.first(blocks); block >= 0; block = document.after(block)) {
    const type = document.text(document.member(block, names.TYPE));
    const hidden = document.text(document.member(block, DATA));
    const kept = document.text(document.member(block, SIGNATURE));
    if (type.equals(names.TEXT)) {
      turn.text(document.text(document.member(block, names.TEXT)));
      hasSpoken = true;
    } else if (type.equals(TOOL_USE)) {
      if (left-- > 0) call = visitCall(document, call, turn);
    } else if (hidden.length > 0) {
      if (isClaudes(hidden)) turn.redacted(hidden);
    } else if (kept.length > 0) turn.thought(document.text(document.member(block, THINKING)), kept);
  }
  if (document.size(blocks) == 0) visitReasoning(document, message, turn);
  if (!hasSpoken) turn.content(document.member(message, names.CONTENT));
  while (left-- > 0) call = visitCall(document, call, turn);
}

/** Reports the reasoning that a client assembled from a stream. */
function visitReasoning(document: JsonDocument, message: i32, turn: AssistantTurn): void {
  const kept = document.text(document.member(message, REASONING_SIGNATURE));
  const text = document.text(document.member(message, names.REASONING_CONTENT));
  if (kept.length > 0) turn.thought(text, kept);
}

/** Reports a call; returns the node after it. */
function visitCall(document: JsonDocument, call: i32, turn: AssistantTurn): i32 {
  const name = document.member(document.member(call, names.FUNCTION), names.NAME);
  if (document.kind(name) == Kind.String) turn.call(call);
  return document.next(call);
}

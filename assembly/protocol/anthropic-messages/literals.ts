/** Member names of Anthropic's messages, and the fixed texts of their events. */
import { Bytes } from "../../proxy-wasm/bytes";

export const STOP_REASON = Bytes.of("stop_reason");
export const STOP_SEQUENCE = Bytes.of("stop_sequence");
export const THINKING = Bytes.of("thinking");
export const REDACTED = Bytes.of("redacted_thinking");
export const SIGNATURE = Bytes.of("signature");
export const TOOL_USE = Bytes.of("tool_use");
export const INPUT = Bytes.of("input");
export const CITATIONS = Bytes.of("citations");
export const CITATION = Bytes.of("citation");
/** Members of a message that a stream sends at its end, next to the event's delta. */
export const CONTEXT_MANAGEMENT = Bytes.of("context_management");
/** All members that a stream sends at its end. */
export const AT_END: Bytes[] = [
  Bytes.of("stop_details"),
  Bytes.of("container"),
  CONTEXT_MANAGEMENT,
];

/** Each is followed by the number of the block. */
export const BLOCK_START = Bytes.of(
  'event: content_block_start\ndata: {"type":"content_block_start","index":',
);
export const DELTA = Bytes.of(
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":',
);
export const BLOCK_STOP = Bytes.of(
  'event: content_block_stop\ndata: {"type":"content_block_stop","index":',
);
/** Followed by the reason. */
export const MESSAGE_DELTA = Bytes.of(
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":',
);
export const MESSAGE_STOP = Bytes.of('event: message_stop\ndata: {"type":"message_stop"}\n\n');
export const END_OF_DELTA = Bytes.of("}}\n\n");
export const END_OF_EVENT = Bytes.of("}\n\n");
export const END_TURN = Bytes.of("end_turn");
export const DATA = Bytes.of("data");
export const NULL = Bytes.of("null");
export const MAX_TOKENS = Bytes.of("max_tokens");

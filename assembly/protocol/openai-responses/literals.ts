/** Member names, types and fixed texts of OpenAI's Responses API. */
import { Bytes } from "../../proxy-wasm/bytes";

export const RESPONSE = Bytes.of("response");
export const OUTPUT = Bytes.of("output");
export const STATUS = Bytes.of("status");
export const SUMMARY = Bytes.of("summary");
export const ANNOTATIONS = Bytes.of("annotations");
export const OUTPUT_TEXT = Bytes.of("output_text");
export const REASONING_TEXT = Bytes.of("reasoning_text");
export const SUMMARY_TEXT = Bytes.of("summary_text");

/** Members and types of items. */
export const CALL_ID = Bytes.of("call_id");
export const NAMESPACE = Bytes.of("namespace");
/** The namespace of functions without one. */
export const FUNCTIONS = Bytes.of("functions");
export const CUSTOM = Bytes.of("custom");
export const CUSTOM_TOOL_CALL = Bytes.of("custom_tool_call");
export const TOOL_SEARCH = Bytes.of("tool_search");
export const TOOL_SEARCH_CALL = Bytes.of("tool_search_call");
export const TOOL_SEARCH_OUTPUT = Bytes.of("tool_search_output");
export const ADDITIONAL_TOOLS = Bytes.of("additional_tools");
export const AGENT_MESSAGE = Bytes.of("agent_message");
export const COMPACTION = Bytes.of("compaction");
export const CONTEXT_COMPACTION = Bytes.of("context_compaction");
export const COMPACTION_TRIGGER = Bytes.of("compaction_trigger");
export const ITEM_REFERENCE = Bytes.of("item_reference");

/** Types of events. */
export const CREATED = Bytes.of("response.created");
export const IN_PROGRESS = Bytes.of("response.in_progress");
export const COMPLETED = Bytes.of("response.completed");
export const INCOMPLETE = Bytes.of("response.incomplete");
export const FAILED = Bytes.of("response.failed");
export const ITEM_ADDED = Bytes.of("response.output_item.added");
export const ITEM_DONE = Bytes.of("response.output_item.done");
export const PART_ADDED = Bytes.of("response.content_part.added");
export const PART_DONE = Bytes.of("response.content_part.done");
export const TEXT_DELTA = Bytes.of("response.output_text.delta");
export const TEXT_DONE = Bytes.of("response.output_text.done");
export const REFUSAL_DELTA = Bytes.of("response.refusal.delta");
export const REFUSAL_DONE = Bytes.of("response.refusal.done");
export const ANNOTATION_ADDED = Bytes.of("response.output_text.annotation.added");
export const REASONING_DELTA = Bytes.of("response.reasoning_text.delta");
export const REASONING_DONE = Bytes.of("response.reasoning_text.done");
export const SUMMARY_ADDED = Bytes.of("response.reasoning_summary_part.added");
export const SUMMARY_DONE = Bytes.of("response.reasoning_summary_part.done");
export const SUMMARY_TEXT_DELTA = Bytes.of("response.reasoning_summary_text.delta");
export const SUMMARY_TEXT_DONE = Bytes.of("response.reasoning_summary_text.done");
export const ARGUMENTS_DELTA = Bytes.of("response.function_call_arguments.delta");
export const ARGUMENTS_DONE = Bytes.of("response.function_call_arguments.done");
export const INPUT = Bytes.of("input");
export const INPUT_TEXT = Bytes.of("input_text");
export const NULL = Bytes.of("null");
export const MAX_OUTPUT_TOKENS = Bytes.of("max_output_tokens");
export const BACKGROUND = Bytes.of("background");
export const CUSTOM_INPUT_DELTA = Bytes.of("response.custom_tool_call_input.delta");
export const CUSTOM_INPUT_DONE = Bytes.of("response.custom_tool_call_input.done");

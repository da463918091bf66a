import { CACHE_CONTROL } from "../../../chat/cache-mark";
import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { MESSAGE_MARKS } from "../../prompt-cache/mark-form";

const SCOPE = Bytes.of("scope");
const TTL = Bytes.of("ttl");
const HOUR = Bytes.of("1h");
const SYSTEM = Bytes.of("system");
const TOOLS = Bytes.of("tools");
const MESSAGES = Bytes.of("messages");
const CONTENT = Bytes.of("content");
const SPEED = Bytes.of("speed");
const DIAGNOSTICS = Bytes.of("diagnostics");
const OUTPUT_CONFIG = Bytes.of("output_config");
const TASK_BUDGET = Bytes.of("task_budget");

/**
 * Removes from a Messages request what Anthropic's own API accepts and other platforms reject ("Extra inputs
 * are not permitted"), although the answer does not depend on it; a mark for the whole request becomes one of
 * its last block. What changes the answer or where it is computed (`inference_geo`, `mcp_servers`,
 * `container`) stays, and the platform decides. Sources: anthropics/claude-code#41966,
 * UKGovernmentBEIS/inspect_ai#3851, agentgateway/agentgateway#1359; the platforms in Anthropic's documents on
 * fast mode, task budgets and cache diagnostics. `isFast`: whether the platform has the fast mode.
 */
export function fitPlatform(
  document: JsonDocument,
  members: ObjectEdit,
  changes: Splice,
  isFast: bool,
): void {
  if (!isFast) members.drop(SPEED);
  members.drop(DIAGNOSTICS);
  members.dropWithin(OUTPUT_CONFIG, TASK_BUDGET);
  const mark = document.member(0, CACHE_CONTROL);
  if (mark >= 0) {
    members.drop(CACHE_CONTROL);
    markLast(document, mark, changes);
  }
  dropScopes(document, document.member(0, TOOLS), changes);
  dropScopes(document, document.member(0, SYSTEM), changes);
  const messages = document.member(0, MESSAGES);
  let message = document.firstItem(messages);
  for (; message >= 0; message = document.after(message)) {
    dropScopes(document, document.member(message, CONTENT), changes);
  }
}

/** `mark`: of the whole request. */
function markLast(document: JsonDocument, mark: i32, changes: Splice): void {
  if (document.kind(mark) != Kind.Object) return;
  const messages = document.member(0, MESSAGES);
  if (document.kind(messages) != Kind.Array || document.size(messages) == 0) return;
  const message = document.element(messages, document.size(messages) - 1);
  const content = document.member(message, CONTENT);
  if (document.kind(content) == Kind.Array && document.size(content) > 0) {
    const last = document.element(content, document.size(content) - 1);
    if (document.member(last, CACHE_CONTROL) >= 0) return;
  }
  const isHour = document.textIs(document.member(mark, TTL), HOUR);
  MESSAGE_MARKS.mark(document, content, isHour, changes);
}

/** `blocks`: a list of blocks or tools; anything else has no marks. */
function dropScopes(document: JsonDocument, blocks: i32, changes: Splice): void {
  for (let block = document.firstItem(blocks); block >= 0; block = document.after(block)) {
    const mark = document.member(block, CACHE_CONTROL);
    if (document.member(mark, SCOPE) < 0) continue;
    const edit = new ObjectEdit(document, mark, changes);
    edit.drop(SCOPE);
    edit.finish();
  }
}

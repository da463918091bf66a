import { Bytes } from "../../proxy-wasm/bytes";
import { ChatAnswer } from "../../chat/answer";
import { CompletionStream } from "../../chat/completion-stream";
import { JsonDocument } from "../../json/document";
import { CacheConfig } from "../config/cache-config";
import { fillTemplate } from "./template";

/**
 * The body that answers a request from a stored chat completion; null when the stored bytes are no
 * such thing, which makes the look-up a miss. A template of the configuration wins over the
 * faithful form.
 */
export function replayBody(
  answer: Bytes,
  stream: bool,
  includeUsage: bool,
  config: CacheConfig,
): Bytes | null {
  const template = stream ? config.streamTemplate : config.template;
  if (template === null && !stream) return answer;
  const document = new JsonDocument(min(answer.length >> 4, 4096));
  if (!document.parse(answer)) return null;
  const view = new ChatAnswer(document);
  if (view.fault().length > 0) return null;
  if (template !== null) return view.hasToolCalls ? null : fillTemplate(template, view.text);
  return CompletionStream.write(view, includeUsage);
}

import { Bytes } from "../../proxy-wasm/bytes";
import { ChatAnswer } from "../../protocol/openai-chat/answer";
import { ChatReplay } from "../../protocol/openai-chat/replay";
import { ClientProtocol } from "../../chat/error-body";
import { MessagesAnswer } from "../../protocol/anthropic-messages/answer";
import { MessagesReplay } from "../../protocol/anthropic-messages/replay";
import { ResponsesAnswer } from "../../protocol/openai-responses/answer";
import { ResponsesReplay } from "../../protocol/openai-responses/replay";
import { JsonDocument } from "../../json/document";
import { CacheConfig } from "../config/cache-config";
import { RequestShape } from "../lookup/request-shape";
import { fillTemplate } from "./template";

/**
 * The body that answers a request from a stored answer of its protocol; null when the stored bytes
 * are no such thing, or cannot be told without losing something, which makes the look-up a miss. A
 * template of the configuration wins over the faithful form of a chat completion.
 */
export function replayBody(answer: Bytes, shape: RequestShape, config: CacheConfig): Bytes | null {
  const template = shape.stream ? config.streamTemplate : config.template;
  const document = new JsonDocument(min(answer.length >> 4, 4096));
  const isChat = shape.protocol == ClientProtocol.OpenAi;
  if (isChat && template === null && !shape.stream) return answer;
  if (!document.parse(answer)) return null;
  if (shape.protocol == ClientProtocol.Anthropic) {
    const message = new MessagesAnswer(document);
    if (message.fault().length > 0) return null;
    return shape.stream ? MessagesReplay.write(message) : answer;
  }
  if (shape.protocol == ClientProtocol.Responses) {
    const response = new ResponsesAnswer(document);
    if (response.fault().length > 0) return null;
    return shape.stream ? ResponsesReplay.write(response) : answer;
  }
  const view = new ChatAnswer(document);
  if (view.fault().length > 0) return null;
  if (template !== null) return view.hasToolCalls ? null : fillTemplate(template, view.text);
  return ChatReplay.write(view, shape.includeUsage);
}

import { Bytes } from "../../proxy-wasm/bytes";
import { ChatAnswer } from "../../chat/answer";
import { CompletionStream } from "../../chat/completion-stream";
import { ClientProtocol } from "../../chat/error-body";
import { MessageAnswer } from "../../chat/message-answer";
import { MessageStream } from "../../chat/message-stream";
import { ResponseAnswer } from "../../chat/response-answer";
import { ResponseStream } from "../../chat/response-stream";
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
    const message = new MessageAnswer(document);
    if (message.fault().length > 0) return null;
    return shape.stream ? MessageStream.write(message) : answer;
  }
  if (shape.protocol == ClientProtocol.Responses) {
    const response = new ResponseAnswer(document);
    if (response.fault().length > 0) return null;
    return shape.stream ? ResponseStream.write(response) : answer;
  }
  const view = new ChatAnswer(document);
  if (view.fault().length > 0) return null;
  if (template !== null) return view.hasToolCalls ? null : fillTemplate(template, view.text);
  return CompletionStream.write(view, shape.includeUsage);
}

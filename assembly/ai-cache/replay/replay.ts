import { Bytes } from "../../proxy-wasm/bytes";
import { eventsAsArray } from "../../http/sse-array";
import { JsonDocument } from "../../json/document";
import { CacheConfig } from "../config/cache-config";
import { RequestShape } from "../request/request-shape";
import { fillTemplate } from "../store/template";

/**
 * The body that answers a request from a stored answer of its protocol; null when the stored bytes
 * are no such thing, or cannot be told without losing something, which makes the look-up a miss. A
 * template of the configuration wins over the faithful form of a chat completion.
 */
export function replayBody(answer: Bytes, shape: RequestShape, config: CacheConfig): Bytes | null {
  const protocol = shape.protocol;
  const isChat = protocol.isNeutral;
  let template: Bytes | null = null;
  if (isChat) template = shape.stream ? config.streamTemplate : config.template;
  if (template === null && !shape.stream && !protocol.isWhole(answer)) return null;
  if (isChat && template === null && !shape.stream) return answer;
  const document = new JsonDocument(min(answer.length >> 4, 4096));
  if (!document.parse(answer)) return null;
  if (shape.stream && template === null) {
    const events = protocol.replay(document, shape.includeUsage);
    return events !== null && shape.streamsArray ? eventsAsArray(events) : events;
  }
  const view = protocol.viewAnswer(document);
  if (view.fault().length > 0) return null;
  if (template === null) return answer;
  return view.hasToolCalls ? null : fillTemplate(template, view.text);
}

import { ChatAnswer } from "../../../../assembly/protocol/openai-chat/answer";
import { JsonDocument } from "../../../../assembly/json/document";
import { Bytes } from "../../../../assembly/proxy-wasm/bytes";

export function faultOf(json: string): string {
  const document = new JsonDocument();
  return document.parse(Bytes.of(json)) ? new ChatAnswer(document).fault() : "no JSON";
}

export function answer(message: string, reason: string = '"stop"'): string {
  return (
    '{"id":"c1","created":7,"model":"m","object":"chat.completion","choices":[{"index":0,"message":' +
    message +
    ',"logprobs":null,"finish_reason":' +
    reason +
    "}]}"
  );
}

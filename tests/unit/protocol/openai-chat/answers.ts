/** Chats as answers, and what the sources make of them. */
import { ChatAssembler } from "../../../../assembly/protocol/openai-chat/assembler";
import { SseParser } from "../../../../assembly/http/sse";
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

export function assemble(stream: string): string {
  const assembler = new ChatAssembler(1000, true);
  const parser = new SseParser(10000);
  parser.push(Bytes.of(stream), assembler);
  parser.end(assembler);
  const answer = assembler.assemble();
  return answer === null ? assembler.fault : answer.toString();
}

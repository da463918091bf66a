import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { CohereDecoder } from "./answer";
import { writeCohereRequest } from "./request";

const MEMBERS: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "logprobs",
  "stop",
  "tools",
  "tool_choice",
  "reasoning_effort",
  "reasoning_max_tokens",
  "response_format",
].concat(LIMITS);

/** Cohere's Chat API, version 2. */
export class CohereDialect extends Dialect {
  write(request: DialectRequest): Bytes {
    return writeCohereRequest(request);
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new CohereDecoder(sink, model);
  }
}

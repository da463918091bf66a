import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { ResponsesDecoder } from "./answer";
import { writeResponsesRequest } from "./request";

const MEMBERS: string[] = [
  "temperature",
  "top_p",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning_effort",
  "response_format",
  "verbosity",
].concat(LIMITS);

/** OpenAI's Responses API, for chats that its chat completions reject. */
export class ResponsesDialect extends Dialect {
  write(request: DialectRequest): Bytes {
    return writeResponsesRequest(request);
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new ResponsesDecoder(sink);
  }
}

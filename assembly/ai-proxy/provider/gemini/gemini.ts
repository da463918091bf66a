import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { GeminiDecoder } from "./answer";
import { modelPath } from "./model-path";
import { GeminiOptions } from "./options";
import { writeGeminiRequest } from "./request";

const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent?alt=sse");

/** Members of a request that the translation to Gemini's API supports. */
export const GEMINI_MEMBERS: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "stop",
  "tools",
  "tool_choice",
  "response_format",
  "modalities",
  "reasoning_effort",
  "reasoning_max_tokens",
].concat(LIMITS);

/** The Gemini API of AI Studio. */
export class GeminiDialect extends Dialect {
  /** `version`: of the API. */
  constructor(
    private readonly version: string,
    private readonly options: GeminiOptions,
  ) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool): Bytes {
    return modelPath(model, stream ? STREAM : GENERATE, this.version);
  }

  write(request: DialectRequest): Bytes {
    return writeGeminiRequest(request, this.options);
  }

  members(_model: Bytes): string[] {
    return GEMINI_MEMBERS;
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new GeminiDecoder(sink);
  }
}

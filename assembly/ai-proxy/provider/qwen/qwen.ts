import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest, OutgoingRequest, LIMITS } from "../base/dialect";
import { QwenDecoder } from "./answer";
import { QwenOptions } from "./options";
import { writeQwenRequest } from "./request";

const TEXT_PATH = Bytes.of("/api/v1/services/aigc/text-generation/generation");
const PARTS_PATH = Bytes.of("/api/v1/services/aigc/multimodal-generation/generation");
const SSE = Bytes.of("x-dashscope-sse");
const ENABLE = Bytes.of("enable");
const QVQ = Bytes.of("qvq");
const MULTIMODAL: Bytes[] = [
  Bytes.of("-vl"),
  Bytes.of("omni"),
  Bytes.of("-audio"),
  Bytes.of("-asr"),
];
const NUMBERED = Bytes.of("qwen3.");
const MAX = Bytes.of("-max");

const MEMBERS: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "repetition_penalty",
  "presence_penalty",
  "seed",
  "stop",
  "logprobs",
  "top_logprobs",
  "parallel_tool_calls",
  "response_format",
  "tools",
  "tool_choice",
  "enable_thinking",
  "thinking_budget",
  "enable_search",
  "reasoning_effort",
].concat(LIMITS);

/** DashScope's native API (`qwenEnableCompatible: false`). */
export class QwenDialect extends Dialect {
  constructor(private readonly options: QwenOptions) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, _stream: bool): Bytes {
    return takesParts(model) ? PARTS_PATH : TEXT_PATH;
  }

  write(request: DialectRequest): Bytes {
    return writeQwenRequest(request, this.options, takesParts(request.model));
  }

  complete(request: OutgoingRequest): void {
    if (request.stream) request.headers.set(SSE, ENABLE);
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new QwenDecoder(sink, model);
  }
}

/**
 * Whether a model is reached by the path for images and audio; later ones are by it alone, even for text:
 * agentscope-ai/agentscope#1295, agentscope-java#817, langchain-community#540.
 */
function takesParts(model: Bytes): bool {
  for (let i = 0; i < MULTIMODAL.length; i++) if (model.find(MULTIMODAL[i]) >= 0) return true;
  if (model.startsWith(NUMBERED)) return model.find(MAX) < 0;
  return model.startsWith(QVQ);
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { HeaderWriter } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { MarkForm, MESSAGE_MARKS } from "../../prompt-cache/mark-form";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { ClaudeDecoder } from "./answer";
import { writeClaudeRequest } from "./request";

const VERSION = Bytes.of("anthropic-version");

/** Members of a request that the translation to Anthropic's API supports. */
export const CLAUDE_MEMBERS: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning_effort",
  "reasoning_max_tokens",
  "thinking",
  "response_format",
].concat(LIMITS);

/** Anthropic's Messages API. */
export class ClaudeDialect extends Dialect {
  private readonly version: Bytes;

  /** `version`: of the API. `maxTokens`: for requests that set none. */
  constructor(
    version: string,
    private readonly maxTokens: i64,
  ) {
    super();
    this.version = Bytes.of(version);
  }

  write(request: DialectRequest): Bytes {
    return writeClaudeRequest(request, this.maxTokens, true).endObject().toBytes();
  }

  setHeaders(out: HeaderWriter): void {
    if (!out.has(VERSION)) out.set(VERSION, this.version);
  }

  members(_model: Bytes): string[] {
    return CLAUDE_MEMBERS;
  }

  marks(_model: Bytes): MarkForm | null {
    return MESSAGE_MARKS;
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new ClaudeDecoder(sink);
  }
}

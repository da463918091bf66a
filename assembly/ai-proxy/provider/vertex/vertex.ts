import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { ClaudeDecoder } from "../claude/answer";
import { CLAUDE_MEMBERS } from "../claude/claude";
import { DEFAULT_MAX_TOKENS, writeClaudeRequest } from "../claude/request";
import { MarkForm, MESSAGE_MARKS } from "../../prompt-cache/mark-form";
import { Dialect, DialectRequest } from "../base/dialect";
import { GeminiDecoder } from "../gemini/answer";
import { GEMINI_MEMBERS } from "../gemini/gemini";
import { GeminiOptions } from "../gemini/options";
import { writeGeminiRequest } from "../gemini/request";
import { ANTHROPIC, GOOGLE, modelPath } from "./model-path";
import { VERSION } from "./native";

const CLAUDE = Bytes.of("claude");
const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent?alt=sse");
const PREDICT = Bytes.of(":rawPredict");
const STREAM_PREDICT = Bytes.of(":streamRawPredict");

/** Vertex AI: Gemini's models, and Claude's, which have a protocol of their own. */
export class VertexDialect extends Dialect {
  /** `base`: the path before `/publishers`. */
  constructor(
    private readonly base: Bytes,
    private readonly options: GeminiOptions,
  ) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool): Bytes {
    if (model.startsWith(CLAUDE)) {
      return modelPath(ANTHROPIC, model, stream ? STREAM_PREDICT : PREDICT, this.base);
    }
    return modelPath(GOOGLE, model, stream ? STREAM : GENERATE, this.base);
  }

  write(request: DialectRequest): Bytes {
    if (!request.model.startsWith(CLAUDE)) return writeGeminiRequest(request, this.options);
    const out = writeClaudeRequest(request, DEFAULT_MAX_TOKENS, false);
    return VERSION.write(out).endObject().toBytes();
  }

  members(model: Bytes): string[] {
    return model.startsWith(CLAUDE) ? CLAUDE_MEMBERS : GEMINI_MEMBERS;
  }

  marks(model: Bytes): MarkForm | null {
    return model.startsWith(CLAUDE) ? MESSAGE_MARKS : null;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return model.startsWith(CLAUDE) ? new ClaudeDecoder(sink) : new GeminiDecoder(sink);
  }
}

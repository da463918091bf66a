import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { encodeSegment } from "../../../http/url";
import { Dialect, DialectRequest, LIMITS } from "../dialect";
import { VendorOptions } from "../vendor-options";
import { GeminiDecoder } from "./answer";
import { writeGeminiRequest } from "./request";

const MODELS = Bytes.of("/models/");
const COLLECTIONS: Bytes[] = [Bytes.of("models/"), Bytes.of("tunedModels/")];
const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent?alt=sse");
const SLASH: u8 = 0x2f;

/** What requests say in Gemini's words. */
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

/** Gemini's API of AI Studio. */
export class GeminiDialect extends Dialect {
  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool, options: VendorOptions): Bytes {
    const out = new ByteWriter(96).byte(SLASH).text(options.geminiVersion);
    let name = model;
    let collection = MODELS;
    for (let i = 0; i < COLLECTIONS.length; i++) {
      if (!model.startsWith(COLLECTIONS[i])) continue;
      name = model.slice(COLLECTIONS[i].length);
      collection = new ByteWriter(16).byte(SLASH).bytes(COLLECTIONS[i]).toBytes();
    }
    out.bytes(collection).bytes(encodeSegment(name));
    return out.bytes(stream ? STREAM : GENERATE).toBytes();
  }

  write(request: DialectRequest): Bytes {
    return writeGeminiRequest(request);
  }

  members(_model: Bytes): string[] {
    return GEMINI_MEMBERS;
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new GeminiDecoder(sink);
  }
}

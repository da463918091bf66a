import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { encodeSegment, pathOf, queryOf } from "../../../http/url";
import { ClaudeDecoder } from "../claude/answer";
import { CLAUDE_MEMBERS } from "../claude/claude";
import { writeClaudeRequest } from "../claude/request";
import { Dialect, DialectRequest, OutgoingRequest } from "../dialect";
import { GeminiDecoder } from "../gemini/answer";
import { GEMINI_MEMBERS } from "../gemini/gemini";
import { writeGeminiRequest } from "../gemini/request";
import { VendorOptions } from "../vendor-options";
import { ANTHROPIC, GOOGLE, modelPath } from "./model-path";

const CLAUDE = Bytes.of("claude");
const VERSION = Bytes.of("anthropic_version");
const VERSION_VALUE = Bytes.of("vertex-2023-10-16");
const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent?alt=sse");
const PREDICT = Bytes.of(":rawPredict");
const STREAM_PREDICT = Bytes.of(":streamRawPredict");
const KEY = Bytes.of("key=");
const BARE_KEY = Bytes.of("key");
const QUESTION_MARK: u8 = 0x3f;
const AMPERSAND: u8 = 0x26;

/** Vertex AI: Gemini's models, and Anthropic's in a protocol of their own. */
export class VertexDialect extends Dialect {
  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool, options: VendorOptions): Bytes {
    if (model.startsWith(CLAUDE)) {
      return modelPath(ANTHROPIC, model, stream ? STREAM_PREDICT : PREDICT, options);
    }
    return modelPath(GOOGLE, model, stream ? STREAM : GENERATE, options);
  }

  write(request: DialectRequest): Bytes {
    if (!request.model.startsWith(CLAUDE)) return writeGeminiRequest(request);
    const out = writeClaudeRequest(request, false);
    return out.key(VERSION).string(VERSION_VALUE).endObject().toBytes();
  }

  completesAll(_options: VendorOptions): bool {
    return true;
  }

  /** In express mode the key is a part of the query. */
  complete(request: OutgoingRequest): void {
    if (request.key.length == 0) return;
    request.headers.remove(header.AUTHORIZATION);
    request.headers.set(header.PATH, withKey(request.path, encodeSegment(request.key)));
  }

  members(model: Bytes): string[] {
    return model.startsWith(CLAUDE) ? CLAUDE_MEMBERS : GEMINI_MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return model.startsWith(CLAUDE) ? new ClaudeDecoder(sink) : new GeminiDecoder(sink);
  }
}

/** `target` with exactly one parameter `key` in its query: in the place of the client's, else at the end. */
function withKey(target: Bytes, key: Bytes): Bytes {
  const query = queryOf(target);
  const out = new ByteWriter(target.length + key.length + 8).bytes(pathOf(target));
  let separator: u8 = QUESTION_MARK;
  let isThere = false;
  let from = 1;
  while (from < query.length) {
    const ampersand = query.indexOf(AMPERSAND, from);
    const to = ampersand < 0 ? query.length : ampersand;
    const parameter = query.slice(from, to);
    from = to + 1;
    const isKey = parameter.startsWith(KEY) || parameter.equals(BARE_KEY);
    if (parameter.length == 0 || (isKey && isThere)) continue;
    out.byte(separator);
    separator = AMPERSAND;
    if (isKey) out.bytes(KEY).bytes(key);
    else out.bytes(parameter);
    if (isKey) isThere = true;
  }
  if (!isThere) out.byte(separator).bytes(KEY).bytes(key);
  return out.toBytes();
}

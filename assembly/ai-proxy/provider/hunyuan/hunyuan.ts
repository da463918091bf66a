import { Bytes } from "../../../proxy-wasm/bytes";
import { nowSeconds } from "../../../proxy-wasm/clock";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { formatDecimal } from "../../../text/decimal";
import { ApiName } from "../../api/api-name";
import { Dialect, DialectRequest, OutgoingRequest } from "../base/dialect";
import { HunyuanDecoder } from "./answer";
import { writeHunyuanRequest } from "./request";
import { tc3Authorization, TencentCredentials } from "./tc3";

const ROOT = Bytes.of("/");
const ACTION = Bytes.of("x-tc-action");
const VERSION = Bytes.of("x-tc-version");
const TIMESTAMP = Bytes.of("x-tc-timestamp");
const CHAT = "ChatCompletions";
const EMBEDDING = "GetEmbedding";
const VERSION_VALUE = Bytes.of("2023-09-01");

const MEMBERS: string[] = [
  "temperature",
  "top_p",
  "seed",
  "enable_enhancement",
  "search_info",
  "citation",
  "enable_speed_search",
  "enable_deep_search",
  "tools",
  "tool_choice",
];

/** Hunyuan's native API at Tencent Cloud (`hunyuanAuthId`, `hunyuanAuthKey`). */
export class HunyuanDialect extends Dialect {
  constructor(private readonly credentials: TencentCredentials) {
    super();
  }

  /** The path does not depend on the model, but the body is needed for the signature. */
  get needsModel(): bool {
    return true;
  }

  path(_model: Bytes, _stream: bool): Bytes {
    return ROOT;
  }

  write(request: DialectRequest): Bytes {
    return writeHunyuanRequest(request);
  }

  get completesAll(): bool {
    return true;
  }

  get signsBody(): bool {
    return true;
  }

  complete(request: OutgoingRequest): void {
    const now = nowSeconds();
    const host = request.host.toString();
    // Clients of Tencent's own protocol name the action themselves.
    const named = request.sent.getOrEmpty(ACTION).toString();
    const usual = request.api == ApiName.Embeddings ? EMBEDDING : CHAT;
    const action = request.isOwn || named.length == 0 ? usual : named;
    const version = request.isOwn ? Bytes.empty() : request.sent.getOrEmpty(VERSION);
    const method = request.method.toString();
    const path = request.path;
    const by = this.credentials;
    const value = tc3Authorization(by, method, host, path, action, request.body.whole(), now);
    request.headers.set(ACTION, Bytes.of(action));
    request.headers.set(VERSION, version.length > 0 ? version : VERSION_VALUE);
    request.headers.set(TIMESTAMP, formatDecimal(now));
    // The signature covers it.
    request.headers.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    request.headers.set(header.AUTHORIZATION, Bytes.of(value));
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new HunyuanDecoder(sink, model);
  }
}

import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { nowSeconds } from "../../../proxy-wasm/clock";
import { responseHeaders } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { encodeSegment } from "../../../http/url";
import { Dialect, DialectRequest, OutgoingRequest, LIMITS } from "../base/dialect";
import { BedrockDecoder } from "./answer";
import { MarkForm } from "../../prompt-cache/mark-form";
import { MANTLE } from "./mantle";
import { CLAUDE, CLAUDE_POINTS, NOVA, NOVA_POINTS } from "./point-marks";
import { writeConverseRequest } from "./request";
import { ConverseOptions } from "./options";
import { AwsCredentials, SignedRequest } from "./sigv4";

const MODEL = Bytes.of("/model/");
const CONVERSE = Bytes.of("/converse");
const CONVERSE_STREAM = Bytes.of("/converse-stream");
const SERVICE = "bedrock";
const DATE = Bytes.of("x-amz-date");
const SESSION = Bytes.of("x-amz-security-token");
const REQUEST_ID = Bytes.of("x-amzn-requestid");
const EVENT_STREAM = Bytes.of("application/vnd.amazon.eventstream");

const MEMBERS: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "tools",
  "tool_choice",
  "reasoning_effort",
  "reasoning_max_tokens",
  "thinking",
  "response_format",
].concat(LIMITS);

/** Bedrock's Converse API. */
export class BedrockDialect extends Dialect {
  /** `credentials`: sign requests; null if an API key is sent instead. `options`: the operator's. */
  constructor(
    private readonly credentials: AwsCredentials | null,
    private readonly options: ConverseOptions,
  ) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool): Bytes {
    const out = new ByteWriter(96).bytes(MODEL).bytes(encodeSegment(model));
    return out.bytes(stream ? CONVERSE_STREAM : CONVERSE).toBytes();
  }

  write(request: DialectRequest): Bytes {
    return writeConverseRequest(request, this.options);
  }

  get completesAll(): bool {
    return this.signsBody;
  }

  get signsBody(): bool {
    return this.credentials !== null;
  }

  complete(request: OutgoingRequest): void {
    const credentials = this.credentials;
    if (credentials === null) return;
    const host = request.host.toString();
    const signed = new SignedRequest(
      host.startsWith(MANTLE) ? MANTLE : SERVICE,
      request.method.toString(),
      host,
      request.path,
      request.body,
      nowSeconds(),
    );
    request.headers.set(DATE, Bytes.of(signed.date));
    if (credentials.sessionToken.length > 0) {
      request.headers.set(SESSION, Bytes.of(credentials.sessionToken));
    }
    request.headers.set(header.AUTHORIZATION, Bytes.of(signed.authorization(credentials)));
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  marks(model: Bytes): MarkForm | null {
    if (model.find(CLAUDE) >= 0) return CLAUDE_POINTS;
    return model.find(NOVA) >= 0 ? NOVA_POINTS : null;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    const id = responseHeaders.get(REQUEST_ID);
    return new BedrockDecoder(sink, id === null ? Bytes.empty() : id.copy(), model);
  }

  isStreamType(type: Bytes): bool {
    return type.startsWith(EVENT_STREAM);
  }
}

import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { encodeSegment } from "../../../http/url";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { TritonDecoder } from "./answer";
import { writeTritonRequest } from "./request";

const MODELS = Bytes.of("/v2/models/");
const VERSIONS = Bytes.of("/versions/");
const GENERATE = Bytes.of("/generate");
const GENERATE_STREAM = Bytes.of("/generate_stream");

const MEMBERS: string[] = ["temperature", "top_p", "top_k", "stop", "bad_words"].concat(LIMITS);

/** Triton Inference Server's generate extension. */
export class TritonDialect extends Dialect {
  /** `version`: of the model (`tritonModelVersion`); empty for the server's choice. */
  constructor(private readonly version: string) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(model: Bytes, stream: bool): Bytes {
    const out = new ByteWriter(96).bytes(MODELS).bytes(encodeSegment(model));
    if (this.version.length > 0) {
      out.bytes(VERSIONS).bytes(encodeSegment(Bytes.of(this.version)));
    }
    return out.bytes(stream ? GENERATE_STREAM : GENERATE).toBytes();
  }

  write(request: DialectRequest): Bytes {
    return writeTritonRequest(request);
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new TritonDecoder(sink, model);
  }
}

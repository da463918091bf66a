import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { encodeSegment } from "../../../http/url";
import { AnswerRules } from "../base/answer-rules";
import { Dialect, DialectRequest, LIMITS } from "../base/dialect";
import { MinimaxProDecoder } from "./answer";
import { writeMinimaxProRequest } from "./request";

const PATH = Bytes.of("/v1/text/chatcompletion_pro?GroupId=");

const MEMBERS: string[] = ["temperature", "top_p"].concat(LIMITS);

/** MiniMax's older chat API (`minimaxApiType: pro`). */
export class MinimaxProDialect extends Dialect {
  constructor(
    /** `minimaxGroupId`. */
    private readonly group: Bytes,
    /** How errors appear in answers, and their HTTP statuses. */
    private readonly rules: AnswerRules,
  ) {
    super();
  }

  get needsModel(): bool {
    return true;
  }

  path(_model: Bytes, _stream: bool): Bytes {
    return new ByteWriter(96).bytes(PATH).bytes(encodeSegment(this.group)).toBytes();
  }

  write(request: DialectRequest): Bytes {
    return writeMinimaxProRequest(request);
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new MinimaxProDecoder(sink, this.rules);
  }
}

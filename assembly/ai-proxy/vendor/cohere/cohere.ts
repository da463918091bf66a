import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest } from "../dialect";
import { CohereDecoder } from "./answer";
import { writeCohereRequest } from "./request";

/** Cohere's chat API, second version. */
export class CohereDialect extends Dialect {
  write(request: DialectRequest): Bytes {
    return writeCohereRequest(request);
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new CohereDecoder(sink, model);
  }
}

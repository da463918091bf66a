import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Bytes } from "../../../proxy-wasm/bytes";
import { requestHeaders } from "../../../proxy-wasm/header-map";
import { CONVERSATION_ID, Dialect, DialectRequest } from "../base/dialect";
import { DifyDecoder } from "./answer";
import { DifyApp } from "./app";
import { writeDifyRequest } from "./request";

/** Apps of Dify. */
export class DifyDialect extends Dialect {
  constructor(private readonly app: DifyApp) {
    super();
  }

  write(request: DialectRequest): Bytes {
    const id = requestHeaders.get(CONVERSATION_ID);
    return writeDifyRequest(request, this.app, id === null ? Bytes.empty() : id);
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new DifyDecoder(sink, model, this.app);
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { requestHeaders } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { encodeSegment, withQuery } from "../../../http/url";
import { CONVERSATION_ID, Dialect, DialectRequest, OutgoingRequest } from "../base/dialect";
import { CozeDecoder } from "./answer";
import { writeCozeRequest } from "./request";

const CONVERSATION = Bytes.of("?conversation_id=");

/** A Coze bot (`cozeBotId`). Its answers are always streams. */
export class CozeDialect extends Dialect {
  constructor(private readonly bot: Bytes) {
    super();
  }

  write(request: DialectRequest): Bytes {
    const id = requestHeaders.get(CONVERSATION_ID);
    return writeCozeRequest(request, this.bot, id !== null && id.length > 0);
  }

  /** The query names the conversation that Coze stores. */
  complete(request: OutgoingRequest): void {
    const id = request.sent.getOrEmpty(CONVERSATION_ID);
    if (id.length == 0) return;
    const query = new ByteWriter(64).bytes(CONVERSATION).bytes(encodeSegment(id)).toBytes();
    request.headers.set(header.PATH, withQuery(request.path, query));
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new CozeDecoder(sink, model);
  }
}

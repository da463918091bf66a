import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { JsonDocument, Kind } from "../../json/document";
import { ApiAnswer, ApiDialect, ApiRequest } from "../provider/base/api-dialect";
import { AnswerRewriter } from "./answer-rewriter";

/** Converts an answer of another API than chats from the vendor's protocol. Never a stream. */
export class ApiRewriter extends AnswerRewriter {
  constructor(
    private readonly dialect: ApiDialect,
    private readonly request: ApiRequest,
    /** The client's. */
    private readonly protocol: ClientProtocol,
  ) {
    super();
  }

  whole(body: Bytes): Bytes {
    const document = new JsonDocument(min(body.length >> 4, 4096));
    const isObject = document.parse(body) && document.kind(0) == Kind.Object;
    const answer = isObject ? this.dialect.answer(document, this.request) : ApiAnswer.incomplete();
    if (answer.status == 0) return answer.body;
    this.status = answer.status;
    return this.protocol.errorBody(answer.status, answer.code, answer.message);
  }

  push(chunk: Bytes): Bytes {
    return chunk;
  }

  end(): Bytes {
    return Bytes.empty();
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerRewriter } from "./answer-rewriter";

const DATA = Bytes.of("data");

/** Converts OpenAI's list of embeddings or models into another client protocol. Never a stream. */
export class ListRewriter extends AnswerRewriter {
  constructor(
    /** Converts the vendor's answer into OpenAI's; null if it already is. */
    private readonly before: AnswerRewriter | null,
    private readonly protocol: ClientProtocol,
    /** The client's path and query. */
    private readonly target: Bytes,
    /** Whether it is a list of models. */
    private readonly isModels: bool,
  ) {
    super();
  }

  whole(body: Bytes): Bytes {
    const before = this.before;
    const list = before === null ? body : before.whole(body);
    if (before !== null && before.status != 0) {
      this.status = before.status;
      return list;
    }
    const document = new JsonDocument(min(list.length >> 4, 4096));
    document.parse(list);
    const protocol = this.protocol;
    const answer = this.isModels
      ? protocol.ofModels(document, this.target)
      : protocol.ofEmbeddings(document, this.target);
    if (answer.length > 0) return answer;
    if (this.isModels && document.member(0, DATA) >= 0) {
      this.status = 404;
      return protocol.errorBody(404, "not_found", "the provider has no such model");
    }
    this.status = 502;
    return this.protocol.errorBody(502, "upstream_incomplete", "the answer is not complete");
  }

  push(chunk: Bytes): Bytes {
    return chunk;
  }

  end(): Bytes {
    return Bytes.empty();
  }
}

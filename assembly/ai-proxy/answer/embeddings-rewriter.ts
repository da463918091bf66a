import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerRewriter } from "./answer-rewriter";

/** OpenAI's list of embeddings in the form of a client of another protocol. Never a stream. */
export class EmbeddingsRewriter extends AnswerRewriter {
  constructor(
    /** What makes a vendor's answer OpenAI's; null where it is that. */
    private readonly before: AnswerRewriter | null,
    private readonly protocol: ClientProtocol,
    /** The client's path and query. */
    private readonly target: Bytes,
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
    const answer = this.protocol.ofEmbeddings(document, this.target);
    if (answer.length > 0) return answer;
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

import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../chat/error-body";
import { ChatRequest } from "../../chat/request";

/** What of a request is needed after its body has been let go. */
export class RequestShape {
  /** Whether an event stream is asked for. */
  readonly stream: bool;
  /** Whether the stream shall end with a usage event. */
  readonly includeUsage: bool;
  readonly model: Bytes;

  constructor(
    request: ChatRequest,
    /** `ClientProtocol`. */
    private readonly protocol: i32,
  ) {
    this.stream = request.stream;
    this.includeUsage = request.includeUsage;
    this.model = request.model.copy();
  }

  /** Whether the client speaks Anthropic's protocol. */
  get isMessage(): bool {
    return this.protocol == ClientProtocol.Anthropic;
  }
}

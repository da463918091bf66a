import { Bytes } from "../../proxy-wasm/bytes";
import { ChatRequest } from "../../chat/request";

/** What of a request is needed after its body has been let go. */
export class RequestShape {
  /** Whether an event stream is asked for. */
  readonly stream: bool;
  /** Whether the stream shall end with a usage event. */
  readonly includeUsage: bool;
  readonly model: Bytes;

  /** `ClientProtocol`. */
  readonly protocol: i32;

  constructor(request: ChatRequest) {
    this.protocol = request.protocol;
    this.stream = request.stream;
    this.includeUsage = request.includeUsage;
    this.model = request.model.copy();
  }
}

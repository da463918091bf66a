import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { RequestView } from "../../protocol/base/request-view";

/** What of a request is needed after its body has been let go. */
export class RequestShape {
  /** Whether an event stream is asked for. */
  readonly stream: bool;
  /** Whether the stream is to be one JSON array, not events. */
  readonly streamsArray: bool;
  /** Whether the stream shall end with a usage event. */
  readonly includeUsage: bool;
  readonly model: Bytes;

  constructor(
    request: RequestView,
    readonly protocol: ClientProtocol,
  ) {
    this.stream = request.stream;
    this.streamsArray = request.streamsArray;
    this.includeUsage = request.includeUsage;
    this.model = request.model.copy();
  }
}

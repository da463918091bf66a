import { BodyBuffer } from "../../proxy-wasm/body-buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { Pause, StreamContext } from "../../proxy-wasm/context";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { JsonDocument } from "../../json/document";
import { Exchange } from "../exchange/exchange";
import { SentRequest } from "../failover/retry";
import { ProxyPlugin } from "../plugin/plugin";
import { AwaitedText } from "../provider/base/awaited-text";

/** What goes on of a request without a body. */
export const NOTHING = EditedBytes.of(Bytes.empty());

/** One request on its way through the stages. */
export class RequestRun {
  /** While the body is taken from the host; null without one that is read. */
  body: BodyBuffer | null = null;
  /** The client's body; null without one that is read. */
  whole: Bytes | null = null;
  /** Whether `whole` is another one than the client has sent: its model stood behind a provider's name. */
  isReplaced: bool = false;
  /** Whether the model has chosen the provider, and the route follows. */
  isRouted: bool = false;
  /** The body as it goes on. */
  out: EditedBytes = NOTHING;
  /** `out` as it has been parsed; null where nothing has parsed it as it is. */
  document: JsonDocument | null = null;
  /** What the request waits for; null while it does not. */
  missing: AwaitedText | null = null;
  /** With what the paused request goes on; null when it has not been paused. */
  pause: Pause | null = null;
  /** The answer to a request that does not go on. */
  refusal: LocalReply | null = null;
  /** The request as it went upstream, where another attempt may follow. */
  sent: SentRequest | null = null;

  constructor(
    readonly exchange: Exchange,
    readonly plugin: ProxyPlugin,
    readonly stream: StreamContext,
  ) {}

  /** Whether the body that goes on is another one than the client's. */
  get isChanged(): bool {
    const whole = this.whole;
    return whole !== null && (this.isReplaced || !this.out.isAll(whole));
  }

  /** Forgets the body and gives its bytes back to the budget. Can be called again. */
  dropBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }
}

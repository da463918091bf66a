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

/** The body of a request without one. */
export const EMPTY_BODY = EditedBytes.of(Bytes.empty());

/** One run of a request through the stages. */
export class RequestRun {
  /** The buffer while the body is read; null if it is not. */
  body: BodyBuffer | null = null;
  /** The client's body; null if it is not read. */
  whole: Bytes | null = null;
  /** Whether `whole` differs from the client's body, because its model had a provider's name as a prefix. */
  isReplaced: bool = false;
  /** Whether the model has chosen the provider, and the route follows. */
  isRouted: bool = false;
  /** The resulting body. */
  out: EditedBytes = EMPTY_BODY;
  /** `out` as it has been parsed; null where nothing has parsed it as it is. */
  document: JsonDocument | null = null;
  /** What the request waits for; null for nothing. */
  missing: AwaitedText | null = null;
  /** The pause of the request; null when it is not paused. */
  pause: Pause | null = null;
  /** The reply that ends the request. */
  refusal: LocalReply | null = null;
  /** The request as sent upstream, if another attempt may follow. */
  sent: SentRequest | null = null;

  constructor(
    readonly exchange: Exchange,
    readonly plugin: ProxyPlugin,
    readonly stream: StreamContext,
  ) {}

  /** Whether the resulting body differs from the client's. */
  get isChanged(): bool {
    const whole = this.whole;
    return whole !== null && (this.isReplaced || !this.out.isAll(whole));
  }

  /** Releases the body and its share of the budget. Idempotent. */
  dropBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }
}

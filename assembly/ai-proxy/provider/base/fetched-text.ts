import { Bytes } from "../../../proxy-wasm/bytes";
import { RootContext } from "../../../proxy-wasm/context";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../../proxy-wasm/http-call";
import { CallStart, ServiceClient } from "../../../service/service-client";
import { AwaitedText, TextListener } from "./awaited-text";

/** How many requests may wait for one fetch. */
const MAX_WAITING: i32 = 1024;

/** One fetch. */
class Fetch extends HttpCall {
  constructor(private readonly text: FetchedText) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    this.text.answered(response);
  }
}

/** A text from an HTTP service. There is one fetch at a time, however many requests wait for it. */
export abstract class FetchedText extends AwaitedText {
  private isFetching: bool = false;
  private waiting: TextListener[] = [];

  /** What the text is, for logs. */
  protected abstract get kind(): string;

  /** The service; null if unknown. */
  protected abstract get service(): ServiceClient | null;

  /** The request, without the cluster; null if impossible. */
  protected abstract request(): HttpCallRequest | null;

  /** Reads a response; false when it is unusable. `status`: 0 without a response. */
  protected abstract take(status: i32, response: HttpCallResponse): bool;

  /** The text, if it is present and valid. */
  protected abstract get valid(): Bytes | null;

  wait(root: RootContext, listener: TextListener): bool {
    if (this.waiting.length >= MAX_WAITING || !this.fetch(root)) return false;
    this.waiting.push(listener);
    return true;
  }

  /** Fetches the text unless a fetch is pending. Returns whether one is pending now. */
  protected fetch(root: RootContext): bool {
    if (this.isFetching) return true;
    const service = this.service;
    if (service === null || service.isOpen) return false;
    const request = this.request();
    if (request === null) return false;
    this.isFetching = service.start(root, new Fetch(this), request) == CallStart.Started;
    return this.isFetching;
  }

  /** Called by the fetch when it has ended. */
  answered(response: HttpCallResponse): void {
    this.isFetching = false;
    const status = response.failed ? 0 : response.status;
    const isTaken = this.take(status, response);
    const service = this.service;
    if (service !== null && isTaken) service.succeeded();
    else if (service !== null) {
      const isSlow = status == 0 || status == 504;
      service.failed(isSlow, "gave no " + this.kind + ": status " + status.toString());
    }
    const waiting = this.waiting;
    this.waiting = [];
    const text = this.valid;
    for (let i = 0; i < waiting.length; i++) waiting[i].onText(text);
  }
}

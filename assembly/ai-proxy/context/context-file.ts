import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import { raiseGeneration } from "../../fingerprint/registry";
import * as header from "../../http/names";
import { JsonDocument } from "../../json/document";
import { CallStart, ServiceClient } from "../../service/service-client";
import { isUtf8 } from "../../text/utf8";
import { AwaitedText, TextListener } from "../provider/base/awaited-text";
import { ContextSource } from "./context-source";

const ETAG = Bytes.of("etag");
const IF_NONE_MATCH = Bytes.of("if-none-match");
const CONTENT = Bytes.of("content");
const GET = Bytes.of("GET");
/** How long a text is used before it is asked for again, in ms. */
const FRESH_MS: u64 = 300_000;
/** Bytes of a text; a larger one is refused. */
const MAX_BYTES: i32 = 1 << 20;
/** Requests that wait for one fetch. */
const MAX_WAITING: i32 = 1024;

/** One fetch. */
class Fetch extends HttpCall {
  constructor(private readonly file: ContextFile) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    this.file.answered(response);
  }
}

/**
 * A text that goes into every chat of a provider: fetched once, kept by the worker, and asked for
 * again when it is five minutes old, while the old one is used.
 */
export class ContextFile extends AwaitedText {
  private text: Bytes | null = null;
  private etag: Bytes = Bytes.empty();
  private checkedAt: u64 = 0;
  private isFetching: bool = false;
  private waiting: TextListener[] = [];
  private client: ServiceClient | null = null;

  constructor(private readonly source: ContextSource) {
    super();
    const clusters = source.clusters;
    if (clusters.length > 0) this.client = new ServiceClient("context file", clusters);
  }

  get details(): string {
    return "load_ctx_failed";
  }

  get code(): string {
    return "context_unavailable";
  }

  get words(): string {
    return "the context file cannot be read";
  }

  /** Fetches from the cluster that requests go to, unless the configuration names one. */
  useCluster(cluster: Bytes): void {
    if (this.client !== null || cluster.length == 0) return;
    this.client = new ServiceClient("context file", [cluster.toString()]);
  }

  /** The text; null when it must be waited for. Starts a fetch when the text is old. */
  current(root: RootContext): Bytes | null {
    const text = this.text;
    if (text === null) return null;
    if (nowMilliseconds() >= this.checkedAt + FRESH_MS) this.fetch(root);
    return text;
  }

  /** Waits for the first text. False when it cannot be asked for; then the listener never runs. */
  wait(root: RootContext, listener: TextListener): bool {
    if (this.waiting.length >= MAX_WAITING || !this.fetch(root)) return false;
    this.waiting.push(listener);
    return true;
  }

  /** For the fetch. */
  answered(response: HttpCallResponse): void {
    this.isFetching = false;
    this.checkedAt = nowMilliseconds();
    const client = this.client;
    const status = response.failed ? 0 : response.status;
    const isTaken = status == 304 || (status == 200 && this.take(response));
    if (client !== null && isTaken) client.succeeded();
    else if (client !== null) {
      const isSlow = status == 0 || status == 504;
      client.failed(isSlow, "gave no text: status " + status.toString());
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (let i = 0; i < waiting.length; i++) waiting[i].onText(this.text);
  }

  /** Whether the answer has a text that can be used. */
  private take(response: HttpCallResponse): bool {
    let text = response.body();
    if (this.source.isJson) {
      const document = JsonDocument.parse(text);
      text = Bytes.empty();
      if (document !== null) text = document.text(document.member(0, CONTENT));
    }
    if (text.length == 0 || text.length > MAX_BYTES || !isUtf8(text)) return false;
    const former = this.text;
    // Answers to the former text are not answers to this one.
    if (former !== null && !former.equals(text)) raiseGeneration();
    this.text = text.copy();
    const etag = response.header(ETAG);
    this.etag = etag === null ? Bytes.empty() : etag.copy();
    return true;
  }

  /** Whether a fetch is under way now. */
  private fetch(root: RootContext): bool {
    if (this.isFetching) return true;
    const client = this.client;
    if (client === null) return false;
    const source = this.source;
    const request = new HttpCallRequest(Bytes.empty(), source.timeoutMs);
    request.headers.add(header.METHOD, GET).add(header.PATH, source.target);
    request.headers.add(header.AUTHORITY, source.host);
    if (source.authorization.length > 0) {
      request.headers.add(header.AUTHORIZATION, source.authorization);
    }
    if (this.etag.length > 0) request.headers.add(IF_NONE_MATCH, this.etag);
    this.isFetching = client.start(root, new Fetch(this), request) == CallStart.Started;
    // One that cannot be asked is not asked by every request.
    if (!this.isFetching) this.checkedAt = nowMilliseconds();
    return this.isFetching;
  }
}

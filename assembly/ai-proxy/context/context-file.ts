import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import { raiseGeneration } from "../../fingerprint/registry";
import * as header from "../../http/names";
import { JsonDocument } from "../../json/document";
import { ServiceClient } from "../../service/service-client";
import { isUtf8 } from "../../text/utf8";
import { FetchedText } from "../provider/base/fetched-text";
import { ContextSource } from "./context-source";

const ETAG = Bytes.of("etag");
const IF_NONE_MATCH = Bytes.of("if-none-match");
const CONTENT = Bytes.of("content");
const GET = Bytes.of("GET");
/** How long a text is used before it is fetched again, in ms. */
const FRESH_MS: u64 = 300_000;
/** Largest text in bytes. */
const MAX_BYTES: i32 = 1 << 20;
/**
 * A text for every chat of a provider: fetched once, kept by the worker, and fetched again in the
 * background when it is five minutes old.
 */
export class ContextFile extends FetchedText {
  private text: Bytes | null = null;
  private etag: Bytes = Bytes.empty();
  private checkedAt: u64 = 0;
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

  get message(): string {
    return "the context file cannot be read";
  }

  /** Fetches from the cluster of the requests, unless the configuration names one. */
  useCluster(cluster: Bytes): void {
    if (this.client !== null || cluster.length == 0) return;
    this.client = new ServiceClient("context file", [cluster.toString()]);
  }

  /** The text; null when it must be waited for. Starts a fetch when the text is old. */
  current(root: RootContext): Bytes | null {
    const text = this.text;
    if (text === null) return null;
    // A service that cannot be called is not tried with every request.
    const isOld = nowMilliseconds() >= this.checkedAt + FRESH_MS;
    if (isOld && !this.fetch(root)) this.checkedAt = nowMilliseconds();
    return text;
  }

  protected get kind(): string {
    return "text";
  }

  protected get service(): ServiceClient | null {
    return this.client;
  }

  protected get valid(): Bytes | null {
    return this.text;
  }

  protected take(status: i32, response: HttpCallResponse): bool {
    this.checkedAt = nowMilliseconds();
    return status == 304 || (status == 200 && this.read(response));
  }

  /** Whether the answer has a text that can be used. */
  private read(response: HttpCallResponse): bool {
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

  protected request(): HttpCallRequest | null {
    const source = this.source;
    const request = new HttpCallRequest(Bytes.empty(), source.timeoutMs);
    request.headers.add(header.METHOD, GET).add(header.PATH, source.target);
    request.headers.add(header.AUTHORITY, source.host);
    if (source.authorization.length > 0) {
      request.headers.add(header.AUTHORIZATION, source.authorization);
    }
    if (this.etag.length > 0) request.headers.add(IF_NONE_MATCH, this.etag);
    return request;
  }
}

import { ByteShare } from "../proxy-wasm/byte-budget";
import { RootContext, StreamContext } from "../proxy-wasm/context";
import { HeaderSnapshot, requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { HoldEnd } from "../proxy-wasm/hold-watch";
import { platform } from "../proxy-wasm/platform";
import { DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { takeAnswer } from "../http/held-answer";
import * as header from "../http/names";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { answerSource } from "./answer/answer-source";
import { reportFailure } from "./answer/failures";
import { ResponseSide } from "./answer/response-side";
import { RoutedProviders } from "./config/model-routes";
import { Exchange } from "./exchange/exchange";
import { isRepeatable, Retry, SentRequest } from "./failover/retry";
import { retryAfterMs } from "./failover/retry-after";
import { RequestSide } from "./pipeline/request-side";
import { RoutedRequest } from "./pipeline/routed-request";
import { leaveMark } from "./plugin/marks";
import { ProxyPlugin } from "./plugin/plugin";
import { UNKNOWN_TYPE } from "./provider/base/provider-type";
import { reportExchange, reportTransport } from "./report";
import { restoreOriginal } from "./route/original-request";
import { ModelChoice } from "./route/model-choice";
import { planRequest } from "./route/plan-request";

/** Largest failed answer in bytes that is kept while another key is tried; a longer one is dropped. */
const MAX_HELD_ERROR: i64 = 524288;

/** One exchange: its request goes to the provider (`RequestSide`), the answer to the client (`ResponseSide`). */
export class AiProxyStream extends StreamContext {
  private exchange: Exchange | null = null;
  private request: RequestSide | null = null;
  /** Set while the request waits for the model that chooses its provider. */
  private routed: RoutedRequest | null = null;
  private side: ResponseSide | null = null;
  private retry: Retry | null = null;

  constructor(
    id: u32,
    root: RootContext,
    private readonly plugin: ProxyPlugin,
  ) {
    super(id, root);
  }

  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const plugin = this.plugin;
    const provider = plugin.selectProvider();
    const fingerprint = leaveMark(plugin, plugin.fingerprintOf(provider));
    if (provider === null) return HeadersStatus.Continue;
    let headers = requestHeaders.snapshot();
    if (provider instanceof RoutedProviders) {
      const choice = new ModelChoice(
        provider as RoutedProviders,
        headers,
        plugin.runtimes,
        fingerprint,
      );
      const routed = new RoutedRequest(choice, headers, plugin, this);
      this.routed = routed;
      const status = routed.onHeaders(endOfStream);
      this.adopt(routed);
      return status;
    }
    platform().keepRoute();
    if (provider.isUpstreamFilter) headers = restoreOriginal(headers);
    const runtime = plugin.runtimes.of(provider);
    const exchange = new Exchange(planRequest(runtime, headers), runtime, fingerprint);
    this.exchange = exchange;
    const request = new RequestSide(exchange, plugin, this);
    this.request = request;
    return request.onHeaders(headers, endOfStream);
  }

  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    const request = this.request;
    if (request !== null) return request.onBody(size, endOfStream);
    const routed = this.routed;
    if (routed === null) return DataStatus.Continue;
    const status = routed.onBody(size, endOfStream);
    this.adopt(routed);
    return status;
  }

  onRequestTrailers(): TrailersStatus {
    const request = this.request;
    if (request !== null) return request.onTrailers();
    const routed = this.routed;
    if (routed === null) return TrailersStatus.Continue;
    const status = routed.onTrailers();
    this.adopt(routed);
    return status;
  }

  onResponseHeaders(endOfStream: bool): HeadersStatus {
    const exchange = this.exchange;
    if (exchange === null || this.replied) return HeadersStatus.Continue;
    const source = answerSource();
    // Another filter's reply passes unchanged, and says nothing about the vendor.
    if (source.isPlugins) return HeadersStatus.Continue;
    const failure = source.failure;
    if (failure !== null) reportFailure(exchange, failure, source.details);
    const value = responseHeaders.get(header.STATUS);
    const upstreamStatus = value === null ? 0 : <i32>parseDecimal(value, 0);
    reportTransport(exchange, failure, upstreamStatus);
    const status = exchange.meaningOf(upstreamStatus);
    if (status != upstreamStatus) responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    const side = new ResponseSide(exchange, this.plugin.budget, this, failure);
    this.side = side;
    if (side.passes(status)) {
      exchange.reportStatus(status, 0);
      return HeadersStatus.Continue;
    }
    if (side.estimates(status)) return side.onRefusedCount(status, endOfStream);
    const headers = responseHeaders.snapshot();
    const after = headers.get(header.RETRY_AFTER);
    exchange.reportStatus(status, retryAfterMs(after, headers.get(header.RETRY_AFTER_MS)));
    if (this.canRetry(exchange, status)) {
      exchange.noteTried();
      if (this.prepareRetry(exchange, side, headers, endOfStream))
        return HeadersStatus.StopIteration;
    }
    return side.onHeaders(headers, status, endOfStream);
  }

  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    const side = this.side;
    if (side === null) return DataStatus.Continue;
    const retry = this.retry;
    return retry === null ? side.onBody(size, endOfStream) : retry.onPiece(size, endOfStream);
  }

  onResponseTrailers(): TrailersStatus {
    const side = this.side;
    if (side === null || this.replied) return TrailersStatus.Continue;
    const retry = this.retry;
    return retry === null ? side.onTrailers() : retry.onTrailers();
  }

  onHoldEnd(why: HoldEnd): void {
    const request = this.request;
    const routed = this.routed;
    if (request !== null) request.onHoldEnd(why);
    else if (routed !== null) routed.onHoldEnd(why);
  }

  onLog(): void {
    const exchange = this.exchange;
    if (exchange === null || exchange.provider.type === UNKNOWN_TYPE) return;
    const side = this.side;
    // What breaks off while its headers are held, the host answers itself, past all filters.
    const isHeld = this.isResponsePaused || (side !== null && side.isHeld);
    if (exchange.status == 0 || this.replied || isHeld) {
      const value = responseHeaders.get(header.STATUS);
      if (value !== null) exchange.noteStatus(<i32>parseDecimal(value, 0));
    }
    reportExchange(exchange, side);
    this.exchange = null;
  }

  onDelete(): void {
    const request = this.request;
    const routed = this.routed;
    if (request !== null) request.release();
    if (routed !== null) routed.release();
    const side = this.side;
    if (side !== null) side.release();
    const retry = this.retry;
    if (retry !== null) retry.release();
    // Upstream filters see no end of the stream but this.
    const exchange = this.exchange;
    if (exchange !== null && exchange.provider.isUpstreamFilter) {
      // What the module has answered itself is counted as a refusal.
      if (exchange.status > 0 || !this.replied) reportExchange(exchange, side);
    }
    this.exchange = null;
  }

  /** Continues with the request whose provider is chosen. */
  private adopt(routed: RoutedRequest): void {
    const side = routed.side;
    if (side === null) return;
    this.routed = null;
    this.request = side;
    this.exchange = side.exchange;
  }

  /** The request as it went upstream; null where no other attempt may follow. */
  private get sent(): SentRequest | null {
    const request = this.request;
    return request === null ? null : request.sent;
  }

  private canRetry(exchange: Exchange, status: i32): bool {
    const config = exchange.provider.retry;
    if (config === null || this.sent === null) return false;
    return config.onStatus.matches(status) && isRepeatable(exchange.api, status);
  }

  /** Prepares further attempts, which begin when the failed answer is complete. */
  private prepareRetry(
    exchange: Exchange,
    side: ResponseSide,
    headers: HeaderSnapshot,
    endOfStream: bool,
  ): bool {
    const config = exchange.provider.retry;
    const sent = this.sent;
    if (config === null || sent === null) return false;
    const pause = this.pauseResponse();
    if (pause === null) return false;
    const held = takeAnswer(headers, MAX_HELD_ERROR, new ByteShare(this.plugin.budget));
    const retry = new Retry(this.root, exchange, sent, config, side, pause, held);
    if (!endOfStream || retry.start()) {
      this.retry = retry;
      return true;
    }
    pause.handOver();
    return false;
  }
}

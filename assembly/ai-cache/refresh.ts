import { Bytes } from "../proxy-wasm/bytes";
import { RootContext } from "../proxy-wasm/context";
import { requestHeaders } from "../proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../proxy-wasm/http-call";
import { Status } from "../proxy-wasm/types";
import * as header from "../http/names";
import { Outcome } from "./lookup/outcome";
import { countRefresh } from "./report/metrics";
import { Reason } from "./report/reasons";
import { Services } from "./services/services";

/** Most pending refreshes of a worker. */
const MAX_AT_ONCE: i32 = 4;
const TIMEOUT_MS: u32 = 120_000;
const SUCCESS: i32 = 200;
/** Ten tenths are a little less than one. */
const ONE: f64 = 1 - 1e-9;
/** Marks a refresh, which acts as `no-cache` with its own reason. */
const DIRECTIVE = Bytes.of("no-cache, ai-cache-refresh");
/** Headers that Envoy writes itself, or that applied only to the client's request. */
const LEFT_OUT: Bytes[] = [
  header.CACHE_CONTROL,
  header.CONTENT_LENGTH,
  Bytes.of("transfer-encoding"),
  Bytes.of("x-request-id"),
];

/**
 * Refreshes a share of the served answers in the background: the same request is sent to a cluster that
 * leads back to this listener, so that it passes the same filters as the client's.
 */
export class Refresher {
  private due: f64 = 0;
  underWay: i32 = 0;

  /** Called after the look-up of the current request, with its body. */
  after(outcome: Outcome, root: RootContext, services: Services | null, body: Bytes): void {
    if (services === null || outcome.reason != Reason.HitExact || body.length == 0) return;
    const life = services.config.life;
    if (life.refreshShare <= 0) return;
    this.due += life.refreshShare;
    if (this.due < ONE) return;
    this.due -= 1;
    if (this.underWay >= MAX_AT_ONCE) return countRefresh("skipped");
    const request = new HttpCallRequest(Bytes.of(life.refreshCluster), TIMEOUT_MS);
    requestHeaders.snapshot().copyTo(request.headers, LEFT_OUT);
    request.headers.add(header.CACHE_CONTROL, DIRECTIVE);
    request.body = body;
    if (root.dispatch(new RefreshCall(this), request) != Status.Ok) return countRefresh("failed");
    this.underWay++;
  }
}

/** The answer is cached as it passes; nothing waits for it here. */
class RefreshCall extends HttpCall {
  constructor(private readonly refresher: Refresher) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    this.refresher.underWay--;
    countRefresh(response.status == SUCCESS ? "ok" : "failed");
  }
}

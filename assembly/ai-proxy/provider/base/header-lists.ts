/** Lists of client headers, by who may receive them. Names are in lower case. */
import { Bytes } from "../../../proxy-wasm/bytes";
import { HINTS } from "../../../http/identity-names";

/** A list of names, and of prefixes, which end in `*`. */
export class HeaderNames {
  private readonly names: Bytes[] = [];
  private readonly prefixes: Bytes[] = [];

  constructor(readonly entries: string[]) {
    for (let i = 0; i < entries.length; i++) this.add(entries[i]);
  }

  /** Adds a name, or a prefix when it ends in `*`. */
  add(entry: string): void {
    if (entry.endsWith("*")) this.prefixes.push(Bytes.of(entry.slice(0, entry.length - 1)));
    else this.names.push(Bytes.of(entry));
  }

  /** Whether `name` is listed. */
  has(name: Bytes): bool {
    if (name.isIn(this.names)) return true;
    for (let i = 0; i < this.prefixes.length; i++) {
      if (name.startsWith(this.prefixes[i])) return true;
    }
    return false;
  }
}

/** Trace propagation. Not `baggage`, which carries application data. */
export const TRACING = new HeaderNames([
  "traceparent",
  "tracestate",
  "b3",
  "x-b3-*",
  "x-request-id",
  "x-client-request-id",
  "x-cloud-trace-context",
  "x-amzn-trace-id",
  "uber-trace-id",
]);

/** Forwarded to every vendor: HTTP message headers, user agent, retries. */
export const USUAL = new HeaderNames([
  "content-type",
  "content-length",
  "content-encoding",
  "content-disposition",
  "accept",
  "user-agent",
  "idempotency-key",
  // WebSocket upgrades; Envoy removes both from requests that do not upgrade.
  "connection",
  "upgrade",
  "sec-websocket-*",
]);

/** What Envoy's router reads and removes (it also adds some, unless `suppress_envoy_headers` is set). */
export const ROUTER = new HeaderNames([
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-max-retries",
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
  "x-envoy-upstream-*",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-is-timeout-retry",
  "x-envoy-attempt-count",
  "x-envoy-decorator-operation",
  "x-envoy-force-trace",
  // The router needs it to find a route.
  "x-forwarded-proto",
]);

/** Secrets and hop-by-hop headers, which no configuration forwards. */
export const SECRET: HeaderNames = new HeaderNames([
  "cookie",
  "cookie2",
  "proxy-authorization",
  "proxy-authenticate",
  "proxy-connection",
  "keep-alive",
  "te",
  "trailer",
  "x-hi-original-auth",
]);

/** The client's identity and address, and headers between gateways. */
export const PRIVATE: HeaderNames = identities();

function identities(): HeaderNames {
  const names = new HeaderNames([
    "forwarded",
    "from",
    "referer",
    "origin",
    "via",
    "remote-*",
    "x-mse-*",
    "x-higress-*",
    "x-envoy-*",
    "x-forwarded-*",
    "x-real-ip",
    "x-client-ip",
    "x-original-*",
    "true-client-ip",
    "x-auth-request-*",
    "x-authenticated-*",
    "x-remote-*",
    "x-consumer-*",
    "x-anonymous-consumer",
    "x-amzn-oidc-*",
    "cf-*",
    "x-goog-iap-*",
    "x-goog-authenticated-*",
    "x-ms-client-principal*",
    "x-endpoint-api-userinfo",
    "x-apigateway-api-userinfo",
    "x-client-cert*",
    "x-ssl-*",
    "ssl-client-*",
    "x-csrf-token",
    "x-xsrf-token",
  ]);
  for (let i = 0; i < HINTS.length; i++) names.add(HINTS[i].toString());
  return names;
}

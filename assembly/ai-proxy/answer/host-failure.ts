import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";

/** How far a request reached. */
export enum ConnectionState {
  /** No connection, or unknown. */
  Nowhere,
  /** A failed TLS handshake. */
  NoTls,
  /** A connection that broke or did not speak HTTP. */
  Broken,
  Answered,
}

/** Why the vendor could not be reached, or did not answer. */
export class HostFailure {
  constructor(
    /** For metrics, logs and programs; clients receive it with the prefix `upstream_`. */
    readonly reason: string,
    /** A readable message. */
    readonly message: string,
    readonly connection: ConnectionState = ConnectionState.Nowhere,
  ) {}

  /** The code of the client's error. */
  get code(): string {
    return "upstream_" + this.reason;
  }
}

const REFUSED = new HostFailure(
  "connection_refused",
  "the gateway could not connect to the model's service: connection refused",
);
const UNREACHABLE = new HostFailure(
  "unreachable",
  "the gateway could not connect to the model's service: it cannot be reached",
);
const TLS = new HostFailure(
  "tls",
  "the gateway could not set up a TLS connection to the model's service",
  ConnectionState.NoTls,
);
const CONNECT_TIMEOUT = new HostFailure(
  "connect_timeout",
  "the gateway could not connect to the model's service in time",
);
const DNS = new HostFailure("dns", "the name of the model's service does not resolve");
const NO_ENDPOINT = new HostFailure(
  "no_endpoint",
  "the gateway has no address of the model's service that it can use: its name does not resolve, or its health checks fail",
);
const UNKNOWN_CLUSTER = new HostFailure(
  "unknown_cluster",
  "the gateway's route leads to a cluster that does not exist",
);
const NO_ROUTE = new HostFailure(
  "no_route",
  "no route of the gateway matches the request after its host and path were set to the model's",
);
const TIMEOUT = new HostFailure("timeout", "the model's service did not answer in time");
const CLOSED = new HostFailure(
  "connection_closed",
  "the model's service closed the connection before it answered",
  ConnectionState.Broken,
);
const PROTOCOL = new HostFailure(
  "protocol",
  "the model's service did not answer with HTTP",
  ConnectionState.Broken,
);
const OVERFLOW = new HostFailure(
  "overflow",
  "the gateway has reached its limit of open requests to the model's service",
);
const OVERLOADED = new HostFailure("overloaded", "the gateway is overloaded");
const MAINTENANCE = new HostFailure(
  "maintenance",
  "the gateway does not accept requests for this model",
);
const TOO_LARGE = new HostFailure("too_large", "the request or its answer is too large");
const INTERNAL = new HostFailure("internal", "the gateway failed to handle the request");

/** One of Envoy's response code details, and its meaning. */
class FailurePattern {
  readonly word: Bytes;

  constructor(
    word: string,
    readonly failure: HostFailure,
  ) {
    this.word = Bytes.of(word);
  }
}

/**
 * Envoy's response code details (`StreamInfo::ResponseCodeDetailValues`) for requests without an upstream
 * answer.
 */
const DETAILS: FailurePattern[] = [
  new FailurePattern("cluster_not_found", UNKNOWN_CLUSTER),
  new FailurePattern("no_cluster_info", UNKNOWN_CLUSTER),
  new FailurePattern("route_not_found", NO_ROUTE),
  new FailurePattern("no_healthy_upstream", NO_ENDPOINT),
  new FailurePattern("dns_resolution_failure", DNS),
  new FailurePattern("maintenance_mode", MAINTENANCE),
  new FailurePattern("overload", OVERLOADED),
  new FailurePattern("duration_timeout", TIMEOUT),
  new FailurePattern("response_timeout", TIMEOUT),
  new FailurePattern("stream_idle_timeout", TIMEOUT),
  new FailurePattern("upstream_max_stream_duration_reached", TIMEOUT),
  new FailurePattern("upstream_per_try_idle_timeout", TIMEOUT),
  new FailurePattern("upstream_per_try_timeout", TIMEOUT),
  new FailurePattern("upstream_response_timeout", TIMEOUT),
  new FailurePattern("late_upstream_reset", CLOSED),
  new FailurePattern("request_payload_too_large", TOO_LARGE),
  new FailurePattern("response_payload_too_large", TOO_LARGE),
  new FailurePattern("wasm_fail_stream", INTERNAL),
];

const RESET = Bytes.of("upstream_reset_before_response_started");

/** Reset reasons in the details, the first match counts; Envoy writes `_` for spaces. */
const RESETS: FailurePattern[] = [
  new FailurePattern("TLS_error", TLS),
  new FailurePattern("onnection_refused", REFUSED),
  new FailurePattern("onnection refused", REFUSED),
  new FailurePattern("connection_timeout", CONNECT_TIMEOUT),
  new FailurePattern("remote_connection_failure", UNREACHABLE),
  new FailurePattern("local_connection_failure", UNREACHABLE),
  new FailurePattern("connection_termination", CLOSED),
  new FailurePattern("overflow", OVERFLOW),
  new FailurePattern("protocol_error", PROTOCOL),
];

/** The failure in `response.code_details`; null when there was an answer. */
export function hostFailure(details: Bytes): HostFailure | null {
  if (details.startsWith(RESET)) {
    for (let i = 0; i < RESETS.length; i++) {
      if (details.find(RESETS[i].word, RESET.length) >= 0) return RESETS[i].failure;
    }
    return CLOSED;
  }
  const brace = details.indexOf(Char.OpenBrace);
  const word = brace < 0 ? details : details.slice(0, brace);
  for (let i = 0; i < DETAILS.length; i++) {
    if (word.equals(DETAILS[i].word)) return DETAILS[i].failure;
  }
  return null;
}

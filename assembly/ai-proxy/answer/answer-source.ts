import { Bytes } from "../../proxy-wasm/bytes";
import { responseDetails, VIA_UPSTREAM } from "../../rules/request-facts";

const RESET = Bytes.of("upstream_reset_before_response_started");

/**
 * Envoy's words (`StreamInfo::ResponseCodeDetailValues`) for a request that got no answer of the
 * upstream's.
 */
const FAILURES: Bytes[] = [
  Bytes.of("cluster_not_found"),
  Bytes.of("maintenance_mode"),
  Bytes.of("no_healthy_upstream"),
  Bytes.of("no_cluster_info"),
  Bytes.of("overload"),
  Bytes.of("duration_timeout"),
  Bytes.of("late_upstream_reset"),
  Bytes.of("request_payload_too_large"),
  Bytes.of("response_payload_too_large"),
  Bytes.of("response_timeout"),
  Bytes.of("route_not_found"),
  Bytes.of("stream_idle_timeout"),
  Bytes.of("upstream_max_stream_duration_reached"),
  Bytes.of("upstream_per_try_idle_timeout"),
  Bytes.of("upstream_per_try_timeout"),
  Bytes.of("upstream_response_timeout"),
  Bytes.of("wasm_fail_stream"),
];

/** Who made an answer. */
export enum AnswerSource {
  /** The vendor; or nobody says who. */
  Vendor,
  /** Envoy, because the vendor could not be asked or did not answer. */
  Host,
  /** Another filter, or the route itself. */
  Plugin,
}

/** Who made the current answer, as Envoy's `response.code_details` tells. */
export function answerSource(): AnswerSource {
  const details = responseDetails();
  if (details.length == 0 || details.equals(VIA_UPSTREAM)) return AnswerSource.Vendor;
  const isFailure = details.startsWith(RESET) || details.isIn(FAILURES);
  return isFailure ? AnswerSource.Host : AnswerSource.Plugin;
}

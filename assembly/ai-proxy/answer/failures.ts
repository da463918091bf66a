/** Reports why a client does not get the vendor's answer. */
import { Bytes } from "../../proxy-wasm/bytes";
import { logWarn } from "../../proxy-wasm/log";
import { Throttle } from "../../proxy-wasm/throttle";
import { clusterName } from "../../rules/request-facts";
import { Exchange } from "../exchange/exchange";
import { countEstimate, countFailure } from "../report/metrics";
import { HostFailure } from "./host-failure";

/** An answer that has to be read, and cannot be. No request asks for a compressed one. */
export const ENCODED = new HostFailure(
  "encoding",
  "the model's service compressed its answer, which was not asked for",
);

/** Most clusters and reasons that are logged separately. */
const MAX_FAILING: i32 = 256;
const MAX_DETAILS: i32 = 256;
const failing = new Map<string, Throttle>();

/**
 * Reports in metrics, and in the log once a minute per cluster and reason, why the vendor did not answer.
 * `details`: Envoy's response code details, without content or credentials.
 */
export function reportFailure(exchange: Exchange, failure: HostFailure, details: Bytes): void {
  const label = exchange.provider.label;
  countFailure(label, failure.reason);
  const cluster = clusterName().toString();
  if (!mayLog(cluster, failure.reason)) return;
  logWarn(
    "no answer for provider " +
      label +
      " from cluster " +
      (cluster.length > 0 ? cluster : "(none)") +
      ": " +
      failure.reason +
      ": " +
      failure.message +
      " (Envoy: " +
      details.clip(MAX_DETAILS).toString() +
      "; logged once a minute)",
  );
}

/** Reports like `reportFailure` that an answer is of no use to the client, because it came compressed. */
export function reportEncoded(exchange: Exchange): void {
  const label = exchange.provider.label;
  countFailure(label, ENCODED.reason);
  const cluster = clusterName().toString();
  if (!mayLog(cluster, ENCODED.reason)) return;
  logWarn(
    "provider " +
      label +
      " compressed its answer, which was not asked for: the client gets 502 " +
      ENCODED.code +
      " (logged once a minute)",
  );
}

/** Reports in the same way that a client gets an estimate, because the vendor has answered with `status`. */
export function reportEstimate(exchange: Exchange, status: i32): void {
  const label = exchange.provider.label;
  countEstimate(label, status);
  if (!mayLog(clusterName().toString(), "estimate " + status.toString())) return;
  logWarn(
    "provider " +
      label +
      " answered a request for a token count with status " +
      status.toString() +
      ": the client gets an estimate (logged once a minute)",
  );
}

/** Whether the minute since the last line about this cluster and reason is over. */
function mayLog(cluster: string, reason: string): bool {
  const key = cluster + " " + reason;
  if (!failing.has(key)) {
    if (failing.size >= MAX_FAILING) failing.clear();
    failing.set(key, new Throttle(60));
  }
  return failing.get(key).pass();
}

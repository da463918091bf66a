import { logWarn } from "../../proxy-wasm/log";
import { Throttle } from "../../proxy-wasm/throttle";
import { Mark, MarkName } from "../../fingerprint/mark";

const throttle = new Throttle(60);

/**
 * Whether ai-proxy has acted on the current request already: then everybody's credential is the
 * operator's, and neither body nor path are the client's. Warns of it once a minute. In the request header
 * phase.
 */
export function isBehindProxy(): bool {
  if (Mark.read(MarkName.Chain) === null) return false;
  if (throttle.pass()) {
    logWarn(
      "ai-cache: ineligible-order: ai-proxy stands before ai-cache in the chain, and nothing is cached. Put ai-cache " +
        "before ai-proxy",
    );
  }
  return true;
}

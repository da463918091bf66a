import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { logWarn } from "../../proxy-wasm/log";
import { Throttle } from "../../proxy-wasm/throttle";
import { Mark, MarkName } from "../../fingerprint/mark";

/** Set by Higress when it retries a request on another route after a provider has failed. */
const FALLBACK_FROM = Bytes.of("x-higress-fallback-from");

const throttle = new Throttle(60);

/**
 * Whether ai-proxy has already acted on the current request: then the credential is the operator's, and
 * neither body nor path are the client's. Warns once a minute about the wrong order of filters. In the
 * request header phase.
 */
export function isAfterProxy(headers: HeaderSnapshot): bool {
  if (headers.has(FALLBACK_FROM)) return true;
  if (Mark.read(MarkName.Chain) === null) return false;
  if (throttle.pass()) {
    logWarn(
      "ai-cache: ineligible-order: ai-proxy is before ai-cache in the filter chain, so nothing is cached. Put ai-cache " +
        "before ai-proxy",
    );
  }
  return true;
}

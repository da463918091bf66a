import { Bytes } from "../../proxy-wasm/bytes";
import { combine, fingerprintOf, Mark, MarkName } from "../../fingerprint/mark";
import { attemptCount } from "../../rules/request-facts";
import { ProxyPlugin } from "./plugin";

/**
 * Publishes to ai-cache, in the stream's filter state, how ai-proxy is configured for the current request,
 * even if it does not touch the request. Returns the published fingerprint. In the request header phase.
 */
export function leaveMark(plugin: ProxyPlugin, fingerprint: Bytes): Bytes {
  if (plugin.isUpstreamFilter) {
    leaveAttempt(plugin, fingerprint);
    return fingerprint;
  }
  // There may be another ai-proxy earlier in the chain.
  const former = Mark.read(MarkName.Chain);
  const whole = former === null ? fingerprint : combine(former.fingerprint, fingerprint);
  new Mark(whole, plugin.isSuperseded, 0).leave(MarkName.Chain);
  return whole;
}

/** Makes a text that goes into the request part of the mark that has been left. */
export function markContext(plugin: ProxyPlugin, fingerprint: Bytes, text: Bytes): void {
  const whole = combine(fingerprint, fingerprintOf(text));
  if (plugin.isUpstreamFilter) leaveAttempt(plugin, whole);
  else new Mark(whole, plugin.isSuperseded, 0).leave(MarkName.Chain);
}

function leaveAttempt(plugin: ProxyPlugin, fingerprint: Bytes): void {
  const attempt = max(1, attemptCount());
  const mark = new Mark(fingerprint, plugin.isSuperseded, attempt);
  if (attempt == 1) mark.leave(MarkName.FirstAttempt);
  mark.leave(MarkName.LastAttempt);
}

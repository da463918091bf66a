import { Bytes } from "../../proxy-wasm/bytes";
import { combine, fingerprintOf, Mark, MarkName } from "../../fingerprint/mark";
import { attemptCount } from "../../rules/request-facts";
import { AiProxyRoot } from "../root";

/**
 * Tells ai-cache, in the stream's filter state, how ai-proxy is configured for the current request.
 * Also where it leaves the request alone: that it is in the chain counts, too. Gives the fingerprint
 * that was left. In the request header phase.
 */
export function leaveMark(root: AiProxyRoot, fingerprint: Bytes): Bytes {
  if (root.isUpstreamFilter) {
    leaveAttempt(root, fingerprint);
    return fingerprint;
  }
  // Another one may stand before this one in the chain.
  const former = Mark.read(MarkName.Chain);
  const whole = former === null ? fingerprint : combine(former.fingerprint, fingerprint);
  new Mark(whole, root.isSuperseded, 0).leave(MarkName.Chain);
  return whole;
}

/** Makes a text that goes into the request part of the mark that has been left. */
export function markContext(root: AiProxyRoot, fingerprint: Bytes, text: Bytes): void {
  const whole = combine(fingerprint, fingerprintOf(text));
  if (root.isUpstreamFilter) leaveAttempt(root, whole);
  else new Mark(whole, root.isSuperseded, 0).leave(MarkName.Chain);
}

function leaveAttempt(root: AiProxyRoot, fingerprint: Bytes): void {
  const attempt = max(1, attemptCount());
  const mark = new Mark(fingerprint, root.isSuperseded, attempt);
  if (attempt == 1) mark.leave(MarkName.FirstAttempt);
  mark.leave(MarkName.LastAttempt);
}

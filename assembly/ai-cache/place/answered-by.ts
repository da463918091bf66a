import { Bytes } from "../../proxy-wasm/bytes";
import { combine, Mark, MarkName } from "../../fingerprint/mark";
import { attemptCount, clusterName } from "../../rules/request-facts";

/** What is known about the source of the current answer. */
export class AnsweredBy {
  constructor(
    /** The ai-proxy configuration that the request used; null without one. */
    readonly fingerprint: Bytes | null,
    /** Whether it may be about to be replaced. */
    readonly isSuperseded: bool,
    /** Whether a fallback answered. */
    readonly isFallback: bool,
    /** Whether Envoy made several attempts and it is unknown which one answered. */
    readonly isDoubtful: bool,
  ) {}

  /**
   * Of the current response. `cluster`: the request's destination, empty if unknown. In the response header
   * phase.
   */
  static current(cluster: Bytes): AnsweredBy {
    const chain = Mark.read(MarkName.Chain);
    const first = Mark.read(MarkName.FirstAttempt);
    const last = Mark.read(MarkName.LastAttempt);
    const attempts = attemptCount();
    const finalCluster = clusterName();
    const isElsewhere =
      cluster.length > 0 && finalCluster.length > 0 && !finalCluster.equals(cluster);
    let fingerprint: Bytes | null = null;
    if (chain !== null) fingerprint = chain.fingerprint;
    let isSuperseded = chain !== null && chain.isSuperseded;
    let isFallback = isElsewhere;
    if (first !== null && last !== null) {
      const inner = first.fingerprint;
      fingerprint = chain === null ? inner : combine(chain.fingerprint, inner);
      isSuperseded = isSuperseded || first.isSuperseded;
      const isOther = !first.fingerprint.equals(last.fingerprint);
      isFallback = isElsewhere || isOther || attempts > last.attempt;
    } else if (first !== null || last !== null) {
      // Some attempt used ai-proxy, and the first did not.
      isFallback = true;
    }
    const isDoubtful = attempts > 1 && first === null;
    return new AnsweredBy(fingerprint, isSuperseded, isFallback, isDoubtful);
  }
}

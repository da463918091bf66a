import { Bytes } from "../../proxy-wasm/bytes";
import { combine, Mark, MarkName } from "../../fingerprint/mark";
import { attemptCount, clusterName } from "../../rules/request-facts";

/** What is known of who gave the current answer. */
export class AnsweredBy {
  constructor(
    /** The configuration of ai-proxy that the request went by; null without one. */
    readonly fingerprint: Bytes | null,
    /** Whether it may be on its way out. */
    readonly isSuperseded: bool,
    /** Whether another service answered than the one that is asked first. */
    readonly isFallback: bool,
    /** Whether Envoy tried more than once, and nobody says who answered at last. */
    readonly isDoubtful: bool,
  ) {}

  /**
   * Of the current response. `cluster`: where the request was to go, empty when that was not known. In
   * the response header phase.
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
      // Some attempt went by ai-proxy, and the first did not.
      isFallback = true;
    }
    const isDoubtful = attempts > 1 && first === null;
    return new AnsweredBy(fingerprint, isSuperseded, isFallback, isDoubtful);
  }
}

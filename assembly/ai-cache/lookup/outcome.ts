import { LocalReply } from "../../proxy-wasm/local-reply";
import { CacheControl } from "../../http/cache-control";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { Reason } from "../report/reasons";
import { notCached } from "../report/refusals";

/** The outcomes of a request. */
export enum OutcomeKind {
  /** It is answered from the cache. */
  Answered,
  /** It continues to the model. */
  Passes,
  /** It is answered with an error. */
  Refused,
}

/** What was decided about a request, and why. */
export class Outcome {
  private constructor(
    readonly kind: OutcomeKind,
    /** `Reason`. */
    readonly reason: string,
    /** The answer to the client; null when the request passes. */
    readonly reply: LocalReply | null,
  ) {}

  /** Answered with `reply`, a cached answer. */
  static answered(reason: string, reply: LocalReply): Outcome {
    return new Outcome(OutcomeKind.Answered, reason, reply);
  }

  /** Passes to the model. */
  static passes(reason: string): Outcome {
    return new Outcome(OutcomeKind.Passes, reason, null);
  }

  /** Refused with the error `reply`. */
  static refused(reason: string, reply: LocalReply): Outcome {
    return new Outcome(OutcomeKind.Refused, reason, reply);
  }

  /**
   * A miss. With `only-if-cached` the client prefers an error to an answer from the model (RFC 9111,
   * 5.2.1.7).
   */
  static missed(reason: string, directives: CacheControl, protocol: ClientProtocol): Outcome {
    const own = directives.isRefresh ? Reason.BypassRefresh : Reason.BypassNoCache;
    const cause = directives.noCache ? own : reason;
    if (directives.onlyIfCached) return Outcome.refused(cause, notCached(protocol));
    return Outcome.passes(cause);
  }
}

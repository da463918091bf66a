import { LocalReply } from "../../proxy-wasm/local-reply";
import { LookupQuery } from "./query";

/** The results of a step. */
export enum FindingKind {
  /** An answer. */
  Hit,
  /** No answer: the next step is tried. */
  Miss,
  /** No answer, and no further step is tried. */
  End,
  /** Pending: the step calls `Waiter.resume` later, once. */
  Waits,
}

/** The weight of the reason of a miss: the greatest is reported, of equal ones the last. */
export enum Weight {
  /** No reason. */
  Nothing,
  /** A candidate was found and rejected. */
  Refusal,
  /** An entry is too old, or a service that finds candidates failed. */
  Shortfall,
  /** The shared store failed. */
  StoreFault,
}

/** The result of one step, with its reason. */
export class Finding {
  /** Nothing was found. */
  static readonly NONE: Finding = new Finding(FindingKind.Miss, Weight.Nothing, "");
  /** A call-out has started, and `Waiter.resume` will be called. */
  static readonly WAITS: Finding = new Finding(FindingKind.Waits, Weight.Nothing, "");

  constructor(
    readonly kind: FindingKind,
    readonly weight: Weight,
    /** `Reason`; empty where `weight` is `Nothing`. */
    readonly reason: string,
    /** The reply with the cached answer; for hits only. */
    readonly reply: LocalReply | null = null,
  ) {}

  /** A hit, answered with `reply`. */
  static hit(reason: string, reply: LocalReply): Finding {
    return new Finding(FindingKind.Hit, Weight.Nothing, reason, reply);
  }

  /** No answer, because of `reason`. */
  static miss(weight: Weight, reason: string): Finding {
    return new Finding(FindingKind.Miss, weight, reason);
  }

  /** No answer, because of `reason`; further steps are not tried. */
  static end(weight: Weight, reason: string): Finding {
    return new Finding(FindingKind.End, weight, reason);
  }
}

/** Receives the finding of a step that has waited. */
export abstract class Waiter {
  /**
   * Makes the waiting stream the effective context. False when it no longer waits: then there is nothing to
   * do.
   */
  abstract enter(): bool;

  /** Continues with the finding. Only after `enter` has returned true. */
  abstract resume(finding: Finding): void;
}

/**
 * One way to find a cached answer. A step is stateless: what it learns is kept in the query, what it waits
 * for in its listener.
 */
export abstract class LookupStep {
  /** Looks for an answer. Returns `WAITS` when a call-out has started whose listener resumes `waiter`. */
  abstract look(query: LookupQuery, waiter: Waiter): Finding;
}

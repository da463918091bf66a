import { LocalReply } from "../../proxy-wasm/local-reply";
import { LookupQuery } from "./query";

/** What a step gives. */
export enum FindingKind {
  /** An answer. */
  Hit,
  /** None: the next step is asked. */
  Miss,
  /** None, and no further step is asked. */
  End,
  /** Nothing yet: the step calls `Waiter.resume` later, once. */
  Waits,
}

/** How much the reason of a miss counts: the greatest is told, of equal ones the last. */
export enum Weight {
  /** There is nothing to say. */
  Nothing,
  /** A candidate was found, and refused. */
  Refusal,
  /** An entry is too old, or a service that finds candidates failed. */
  Shortfall,
  /** The store that holds the answers of all failed. */
  StoreFault,
}

/** What one step has found, and why. */
export class Finding {
  /** Nothing is there. */
  static readonly NONE: Finding = new Finding(FindingKind.Miss, Weight.Nothing, "");
  /** A call-out has started, and `Waiter.resume` will be called. */
  static readonly WAITS: Finding = new Finding(FindingKind.Waits, Weight.Nothing, "");

  constructor(
    readonly kind: FindingKind,
    readonly weight: Weight,
    /** `Reason`; empty where `weight` is `Nothing`. */
    readonly reason: string,
    /** With a stored answer; of a hit only. */
    readonly reply: LocalReply | null = null,
  ) {}

  /** `reply` holds the answer. */
  static hit(reason: string, reply: LocalReply): Finding {
    return new Finding(FindingKind.Hit, Weight.Nothing, reason, reply);
  }

  /** No answer, because of `reason`. */
  static miss(weight: Weight, reason: string): Finding {
    return new Finding(FindingKind.Miss, weight, reason);
  }

  /** No answer, because of `reason`, and none by the steps that follow. */
  static end(weight: Weight, reason: string): Finding {
    return new Finding(FindingKind.End, weight, reason);
  }
}

/** Where a step that waits hands its finding in. */
export abstract class Waiter {
  /**
   * Makes the waiting stream the effective one. False when nobody waits any more: then there is nothing
   * to do.
   */
  abstract enter(): bool;

  /** Goes on with what the step has found. Only after `enter` has given true. */
  abstract resume(finding: Finding): void;
}

/**
 * One way to find a stored answer. A step has no state: what it learns stands in the query, what it waits
 * for in its listener.
 */
export abstract class LookupStep {
  /** Looks for an answer. Gives `WAITS` when a call-out has started whose listener resumes `waiter`. */
  abstract look(query: LookupQuery, waiter: Waiter): Finding;
}

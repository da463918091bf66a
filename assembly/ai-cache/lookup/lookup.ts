import { nowMilliseconds } from "../../proxy-wasm/clock";
import { Pause, StreamContext } from "../../proxy-wasm/context";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { Reason } from "../report/reasons";
import { ExactStep } from "./exact-step";
import { JudgeStep } from "./judge-step";
import { Outcome } from "./outcome";
import { LookupQuery, openSearch } from "./query";
import { RemoteStep } from "./remote-step";
import { Finding, FindingKind, LookupStep, Waiter, Weight } from "./step";
import { VectorStep } from "./vector-step";
import { VectorStoreStep } from "./vector-store-step";
import { TextStep } from "./text-step";

/** In the order of trial: the cheapest and most certain first. */
const STEPS: LookupStep[] = [
  new ExactStep(),
  new RemoteStep(),
  new TextStep(),
  new VectorStep(),
  new VectorStoreStep(),
  new JudgeStep(),
];

/** The stream of a look-up. */
export abstract class LookupStream extends StreamContext {
  /** Executes `outcome`; returns the reply to the client, null when the request continues. */
  abstract conclude(outcome: Outcome): LocalReply | null;
}

/**
 * The look-up of one request: tries one step after the other, and pauses the request while a step waits.
 * The pause lasts until there is an outcome, however many steps wait.
 */
export class Lookup extends Waiter {
  /** Whether a step waits for a call-out. */
  isWaiting: bool = false;
  private pause: Pause | null = null;
  /** When it first waited, in ms since 1970; 0 for never. */
  private pausedAt: u64 = 0;
  /** The next step. */
  private next: i32 = 0;
  /** Why nothing has been found yet. */
  private reason: string = Reason.MissCold;
  private weight: Weight = Weight.Nothing;

  constructor(
    private readonly stream: LookupStream,
    readonly query: LookupQuery,
  ) {
    super();
  }

  /** Begins. In a request callback. Null when the request is paused; then `conclude` will be called. */
  start(): Outcome | null {
    const query = this.query;
    query.answers.touch(query.key);
    if (!query.directives.noCache) return this.run();
    // The model's answer is cached for others.
    query.search = openSearch(query.answers, query.config, query.key, query.directives);
    return this.miss();
  }

  /** Milliseconds since it first waited; synchronous work does not count. */
  get waitedMs(): u64 {
    return this.pausedAt == 0 ? 0 : nowMilliseconds() - this.pausedAt;
  }

  enter(): bool {
    const pause = this.pause;
    return this.isWaiting && pause !== null && pause.enter();
  }

  resume(finding: Finding): void {
    const pause = this.pause;
    if (!this.isWaiting || pause === null) return;
    this.isWaiting = false;
    let outcome = this.judge(finding);
    if (outcome === null) outcome = this.run();
    if (outcome === null) return;
    const reply = this.stream.conclude(outcome);
    if (reply !== null) pause.reply(reply);
    else pause.resume();
  }

  /** Asks the steps that are left. Null when one of them waits. */
  private run(): Outcome | null {
    while (this.next < STEPS.length) {
      const finding = STEPS[this.next++].look(this.query, this);
      if (finding.kind == FindingKind.Waits && this.wait()) return null;
      const outcome = this.judge(finding);
      if (outcome !== null) return outcome;
    }
    return this.miss();
  }

  /** Pauses the request unless it is paused; false when somebody else waits for it. */
  private wait(): bool {
    if (this.pause === null) {
      this.pause = this.stream.pauseRequest();
      this.pausedAt = nowMilliseconds();
    }
    this.isWaiting = this.pause !== null;
    return this.isWaiting;
  }

  /** What follows from a finding; null when the next step is asked. */
  private judge(finding: Finding): Outcome | null {
    const reply = finding.reply;
    if (reply !== null) return Outcome.answered(finding.reason, reply);
    if (finding.weight != Weight.Nothing && finding.weight >= this.weight) {
      this.reason = finding.reason;
      this.weight = finding.weight;
    }
    return finding.kind == FindingKind.End ? this.miss() : null;
  }

  private miss(): Outcome {
    return Outcome.missed(this.reason, this.query.directives, this.query.shape.protocol);
  }
}

import { Bytes } from "../../proxy-wasm/bytes";
import { RootContext } from "../../proxy-wasm/context";
import { ErrorLimit, Label, LabelKind } from "../limit/error-limit";
import { agreementOf } from "../life/agreement";
import { Judge, JudgeListener } from "./judge";

/** Compares answers, from which limits are learned. */
export class Comparer {
  constructor(private readonly limit: ErrorLimit) {}

  /**
   * Compares two texts. `threshold`: the agreement of words at which they are equivalent. Below it a judge
   * is asked.
   */
  compare(
    root: RootContext,
    judge: Judge | null,
    label: Label,
    a: Bytes,
    b: Bytes,
    threshold: i32,
  ): void {
    // Without the judge a label would have other noise than the others, or only one possible result.
    if (judge !== null && !judge.isReady) return this.limit.miss(label);
    const agrees = agreementOf(a, b) >= threshold;
    if (agrees || judge === null) return this.limit.learn(label, agrees);
    const judged = new Judged(this.limit, label);
    if (!judge.ask(root, a, b, judged)) judged.onJudged(false, false);
  }
}

class Judged extends JudgeListener {
  constructor(
    private readonly limit: ErrorLimit,
    private readonly label: Label,
  ) {
    super();
  }

  onJudged(isSame: bool, isSure: bool): void {
    // What is not known must not make a limit easier to meet.
    const agrees = isSure ? isSame : this.label.kind != LabelKind.Candidate;
    this.limit.learn(this.label, agrees);
  }
}

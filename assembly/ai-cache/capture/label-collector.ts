import { nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { CacheKey } from "../key/cache-key";
import { Label, LabelKind } from "../limit/error-limit";
import { Source } from "../limit/stratum";
import { MeaningSearch } from "../meaning/meaning-search";
import { LookupQuery } from "../lookup/query";
import { AnswerText, answerTextOf } from "../store/answer-text";
import { Answers } from "../answers/answers";

/** Correct answers to one question within this many seconds agree. */
const TWIN_AGE: u64 = 600;
/** One in this many fresh answers is compared with that of a question which a guard has rejected. */
const REFUSED_EVERY: u32 = 16;

let answersSeen: u32 = 0;

/** Learns from a fresh answer about semantic hits. */
export class LabelCollector {
  constructor(
    private readonly root: RootContext,
    private readonly answers: Answers,
    private readonly query: LookupQuery,
    private readonly fresh: AnswerText,
    /** The least agreement at which answers to such a question are the same. */
    private readonly threshold: i32,
  ) {}

  /** Compares it with the semantic candidate that was not served; false when there is none. */
  compareFound(): bool {
    const shadow = this.query.shadow;
    if (shadow === null) return false;
    const found = answerTextOf(shadow.answer);
    if (found === null) return false;
    if (shadow.isCounted) shadow.count(found.text, this.fresh.text, this.threshold);
    this.compare(shadow.label, found);
    return true;
  }

  /** Compares it with a recent answer to the same question: a difference is noise. */
  compareTwin(key: CacheKey): void {
    const previous = this.answers.peek(key.digest);
    const now = nowSeconds();
    if (previous === null || previous.created > now || previous.age(now) >= TWIN_AGE) return;
    const twin = answerTextOf(previous.answer);
    if (twin === null || !twin.model.equals(this.fresh.model)) return;
    this.compare(this.labelOf(LabelKind.Twin), twin);
  }

  /** Occasionally compares it with the answer to a question that a guard has rejected. */
  compareRefused(search: MeaningSearch): void {
    const candidate = search.candidate;
    if (candidate === null || search.guards.length == 0 || search.record !== null) return;
    if (++answersSeen % REFUSED_EVERY != 0) return;
    const record = this.answers.peek(candidate);
    if (record === null) return;
    const other = answerTextOf(record.answer);
    if (other !== null) this.compare(this.labelOf(LabelKind.Refused), other);
  }

  private labelOf(kind: LabelKind): Label {
    const config = this.query.config;
    return new Label(kind, config.stratumOf(Source.Text), 0, config.match.maxErrorRate);
  }

  private compare(label: Label, other: AnswerText): void {
    const judge = this.query.services.judge;
    const comparer = this.answers.comparer;
    comparer.compare(this.root, judge, label, other.text, this.fresh.text, this.threshold);
  }
}

import { labelValue, MAX_LABEL } from "../proxy-wasm/label-table";
import { KIND_NAMES, kindOf, WordList } from "./life/question-kind";
import { formatSimilarity } from "./report/similarity";
import { formatMoney } from "../rules/prices";
import { Saved } from "./savings/savings";
import { AnswerRecord } from "./store/record";

/** A served answer, and what it has saved. */
export class Hit {
  constructor(
    private readonly record: AnswerRecord,
    readonly saved: Saved,
    /** Seconds. */
    private readonly now: u64,
  ) {}

  /** Lifetime of the answer in seconds, 0 for unlimited. */
  get life(): u64 {
    const record = this.record;
    return record.expires > record.created ? record.expires - record.created : 0;
  }

  /** The saved money in readable form. */
  get cost(): string {
    return formatMoney(this.saved.micros, this.saved.currency);
  }

  /** Members of `Cache-Status` about the answer. `seen`: how often its key was requested. */
  explained(seen: i32, timely: WordList | null): string {
    const record = this.record;
    const saved = this.saved;
    let text = "";
    if (this.life > 0) text += "; life=" + this.life.toString();
    if (record.staleness > 0)
      text += "; stale-risk=" + formatSimilarity(record.staleRisk(this.now));
    const model = labelValue(record.model.slice(0, MAX_LABEL).toString());
    text += '; class="' + model + "/" + KIND_NAMES[<i32>kindOf(record.question, timely)] + '"';
    text += "; seen=" + seen.toString();
    text += '; saved="in=' + saved.input.toString() + " out=" + saved.output.toString();
    return text + " ms=" + saved.ms.toString() + '"';
  }
}

import { nowSeconds } from "../../proxy-wasm/clock";
import { JudgeListener } from "../learning/judge";
import { Known } from "../learning/question-judge";
import { MeaningSearch } from "../meaning/meaning-search";
import { AnswerRecord } from "../store/record";
import { staleReason } from "./exact-hit";
import { LookupQuery } from "./query";
import { semanticHit } from "./semantic-hit";
import { Finding, LookupStep, Waiter } from "./step";

/** The likeliest cached question that differs only in words, if a judge says that it asks the same. */
export class JudgeStep extends LookupStep {
  look(query: LookupQuery, waiter: Waiter): Finding {
    const judge = query.services.questionJudge;
    const search = query.search;
    if (judge === null || search === null) return Finding.NONE;
    const digest = search.arguable;
    if (digest === null) return Finding.NONE;
    const record = query.answers.peek(digest);
    if (record === null || record.question.length == 0) return Finding.NONE;
    if (staleReason(query, record, nowSeconds()).length > 0) return Finding.NONE;
    const asked = query.key.question;
    const known = judge.known(asked, record.question);
    if (known == Known.Other) return Finding.NONE;
    if (known == Known.Same) return served(query, search, record);
    const listener = new WaitingForVerdict(query, search, record, waiter);
    return judge.ask(query.root, asked, record.question, listener) ? Finding.WAITS : Finding.NONE;
  }
}

class WaitingForVerdict extends JudgeListener {
  constructor(
    private readonly query: LookupQuery,
    private readonly search: MeaningSearch,
    private readonly record: AnswerRecord,
    private readonly waiter: Waiter,
  ) {
    super();
  }

  onJudged(isSame: bool, isSure: bool): void {
    if (!this.waiter.enter()) return;
    const isFound = isSame && isSure;
    this.waiter.resume(isFound ? served(this.query, this.search, this.record) : Finding.NONE);
  }
}

function served(query: LookupQuery, search: MeaningSearch, record: AnswerRecord): Finding {
  search.accept(record);
  const judge = query.services.questionJudge;
  return semanticHit(query, search, judge !== null && judge.isShadow);
}

import { nowSeconds } from "../../proxy-wasm/clock";
import { Label, LabelKind, DEFAULT_LIMIT, Verdict } from "../limit/error-limit";
import { Reason } from "../report/reasons";
import { hitReply } from "../replay/hit-reply";
import { AnswerRecord } from "../store/record";
import { LookupQuery } from "./query";
import { MeaningSearch } from "../meaning/meaning-search";
import { Shadow } from "./shadow";
import { Finding, Weight } from "./step";

/** The finding for the result of a semantic search; in shadow mode, or with `isWatched`, it is not served. */
export function semanticHit(
  query: LookupQuery,
  search: MeaningSearch,
  isWatched: bool = false,
): Finding {
  const record = search.record;
  if (record === null) return semanticMiss(search);
  const match = query.config.match;
  const limit = match.maxErrorRate;
  if (match.shadow || isWatched) return watch(query, search, record, Reason.MissShadow);
  if (limit > 0) {
    const stratum = query.config.stratumOf(search.source);
    const ruling = query.answers.limit.rule(stratum, search.score, limit, match.exploreShare);
    search.ruling = ruling;
    if (ruling.verdict == Verdict.Explore) return watch(query, search, record, Reason.MissExplore);
    if (ruling.verdict == Verdict.Unproven)
      return watch(query, search, record, Reason.MissUnproven);
  }
  const now = nowSeconds();
  const reply = hitReply(query.config, query.shape, record, now);
  if (reply === null) return Finding.end(Weight.Shortfall, Reason.MissForm);
  query.serve(record, now);
  // With a limit, each semantic hit must pass it.
  if (limit == 0) query.answers.promote(record, query.key, query.tenant);
  return Finding.hit(Reason.HitSemantic, reply);
}

/** Lets the model answer, to learn whether the candidate is right. */
function watch(
  query: LookupQuery,
  search: MeaningSearch,
  record: AnswerRecord,
  reason: string,
): Finding {
  const match = query.config.match;
  const limit = match.maxErrorRate > 0 ? match.maxErrorRate : DEFAULT_LIMIT;
  const stratum = query.config.stratumOf(search.source);
  const label = new Label(LabelKind.Candidate, stratum, search.score, limit);
  query.shadow = new Shadow(record.answer, search.similarity, label, reason == Reason.MissShadow);
  return Finding.end(Weight.Shortfall, reason);
}

/** The finding of a search by meaning that found nothing to serve. */
export function semanticMiss(search: MeaningSearch): Finding {
  const reason = search.reason;
  return reason == Reason.MissCold ? Finding.NONE : Finding.miss(Weight.Refusal, reason);
}

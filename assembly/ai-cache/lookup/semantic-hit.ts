import { nowSeconds } from "../../proxy-wasm/clock";
import { Reason } from "../report/reasons";
import { hitReply } from "../replay/hit-reply";
import { LookupQuery } from "./query";
import { MeaningSearch } from "../meaning/meaning-search";
import { Shadow } from "./shadow";
import { Finding, Weight } from "./step";

/** The finding of the answer that a search by meaning has found; in shadow mode it is only watched. */
export function semanticHit(query: LookupQuery, search: MeaningSearch): Finding {
  const record = search.record;
  if (record === null) return semanticMiss(search);
  if (query.config.match.shadow) {
    query.shadow = new Shadow(record.answer, search.similarity);
    return Finding.end(Weight.Shortfall, Reason.MissShadow);
  }
  const reply = hitReply(query.config, query.shape, record, nowSeconds());
  if (reply === null) return Finding.end(Weight.Shortfall, Reason.MissForm);
  query.served = record;
  query.answers.promote(record, query.key, query.tenant);
  return Finding.hit(Reason.HitSemantic, reply);
}

/** The finding of a search by meaning that found nothing to serve. */
export function semanticMiss(search: MeaningSearch): Finding {
  const reason = search.reason;
  return reason == Reason.MissCold ? Finding.NONE : Finding.miss(Weight.Refusal, reason);
}

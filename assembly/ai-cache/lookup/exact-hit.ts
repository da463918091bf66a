import { Reason } from "../report/reasons";
import { hitReply } from "../replay/hit-reply";
import { AnswerRecord } from "../store/record";
import { LookupQuery } from "./query";
import { Finding, Weight } from "./step";

/** Why the client does not accept a record of this age (`Reason`); empty when it does. `now`: seconds. */
export function staleReason(query: LookupQuery, record: AnswerRecord, now: u64): string {
  const maxAge = query.directives.maxAge;
  if (record.isExpired(now)) return Reason.MissExpired;
  return maxAge >= 0 && record.age(now) > <u64>maxAge ? Reason.MissMaxAge : "";
}

/** The finding for a record under exactly the request's key. `now`: seconds. */
export function exactHit(query: LookupQuery, record: AnswerRecord, now: u64): Finding {
  // Another question's answer, a semantic hit from before the limit was configured.
  const isOwn = record.digest.equals(query.key.digest);
  if (!isOwn && query.config.match.maxErrorRate > 0) return Finding.NONE;
  const stale = staleReason(query, record, now);
  if (stale.length > 0) {
    if (isOwn && stale == Reason.MissExpired) query.expired = record;
    return Finding.miss(Weight.Shortfall, stale);
  }
  const reply = hitReply(query.config, query.shape, record, now);
  if (reply === null) return Finding.miss(Weight.Shortfall, Reason.MissForm);
  query.serve(record, now);
  return Finding.hit(Reason.HitExact, reply);
}

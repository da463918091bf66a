import { nowSeconds } from "../../proxy-wasm/clock";
import { exactHit } from "./exact-hit";
import { LookupQuery } from "./query";
import { Finding, LookupStep, Waiter } from "./step";

/** The record under exactly the request's key, in memory. */
export class ExactStep extends LookupStep {
  look(query: LookupQuery, _waiter: Waiter): Finding {
    const now = nowSeconds();
    const record = query.answers.find(query.key, now);
    return record === null ? Finding.NONE : exactHit(query, record, now);
  }
}

import { nowSeconds } from "../../proxy-wasm/clock";
import { redisReason } from "../report/reasons";
import { AnswerRecord } from "../store/record";
import { RecordListener } from "../store/remote-store";
import { exactHit, staleReason } from "./exact-hit";
import { LookupQuery } from "./query";
import { Finding, LookupStep, Waiter, Weight } from "./step";

/** The record under exactly the request's key, in the shared store. */
export class RemoteStep extends LookupStep {
  look(query: LookupQuery, waiter: Waiter): Finding {
    const remote = query.services.remote;
    if (remote === null || !remote.holds(query.key)) return Finding.NONE;
    const fault = remote.read(query.root, query.key, new WaitingForRecord(query, waiter));
    return fault.length == 0 ? Finding.WAITS : storeFault(fault);
  }
}

class WaitingForRecord extends RecordListener {
  constructor(
    private readonly query: LookupQuery,
    private readonly waiter: Waiter,
  ) {
    super();
  }

  onRecord(record: AnswerRecord | null, fault: string): void {
    if (!this.waiter.enter()) return;
    const query = this.query;
    let finding = Finding.NONE;
    if (fault.length > 0) finding = storeFault(fault);
    else if (record !== null) {
      // Fresh enough for this client: others can use it without another call.
      const now = nowSeconds();
      if (staleReason(query, record, now).length == 0) {
        query.answers.keep(query.config, query.key, record);
      }
      finding = exactHit(query, record, now);
    }
    this.waiter.resume(finding);
  }
}

/** `fault`: a `RedisFault`. */
function storeFault(fault: string): Finding {
  return Finding.miss(Weight.StoreFault, redisReason(fault));
}

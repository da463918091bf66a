import { Bytes } from "../../proxy-wasm/bytes";
import { responseDetails, VIA_UPSTREAM } from "../../rules/request-facts";
import { HostFailure, hostFailure } from "./host-failure";

/** The source of an answer. */
export class AnswerSource {
  constructor(
    /** Envoy's `response.code_details`. */
    readonly details: Bytes,
    /** Why the vendor did not answer; null when it did, or another filter did. */
    readonly failure: HostFailure | null,
  ) {}

  /** Whether another filter answered, or the route itself. */
  get isPlugins(): bool {
    return this.failure === null && this.details.length > 0;
  }
}

/** The vendor, or unknown. */
const VENDOR = new AnswerSource(Bytes.empty(), null);

/** The source of the current answer. */
export function answerSource(): AnswerSource {
  const details = responseDetails();
  if (details.length == 0 || details.equals(VIA_UPSTREAM)) return VENDOR;
  return new AnswerSource(details, hostFailure(details));
}

import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

/** How a candidate was found, which decides what its score means. */
export enum Source {
  /** By the text of the questions. */
  Text,
  /** By a vector in memory. */
  Vector,
  /** By an external vector store. */
  Store,
}

/** Candidates with comparable scores: found in one way, with one embedding model. */
export class Stratum {
  /** Of all rules. */
  readonly pooled: u64;
  /** Of one rule; the same as `pooled` where there are no rules. */
  readonly own: u64;
  /** Key of the label noise. */
  readonly noise: u64;

  /** `name`: for metrics and the log. `rule`: identifies the rule, empty for none. `isJudged`: by a model. */
  constructor(
    readonly name: string,
    rule: Bytes,
    isJudged: bool,
  ) {
    const labeller: u64 = isJudged ? 2 : 1;
    // A judge's labels have other noise than those of agreement: they are not mixed.
    this.pooled = xxhash64(Bytes.of(name), labeller);
    this.own = rule.length == 0 ? this.pooled : xxhash64(rule, this.pooled);
    this.noise = xxhash64(rule, labeller);
  }
}

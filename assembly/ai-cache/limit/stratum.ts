import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

/** How an answer was found by meaning, which decides what its score means. */
export enum Source {
  /** By the words of its question. */
  Text,
  /** By a vector in the memory of this Envoy. */
  Vector,
  /** By an outside store of vectors. */
  Store,
}

/** Answers whose scores mean the same: found in one way, by one embedding model. */
export class Stratum {
  /** Of all rules. */
  readonly pooled: u64;
  /** Of one rule; the same as `pooled` where there are no rules. */
  readonly own: u64;
  /** Of what tells how often labels are wrong. */
  readonly noise: u64;

  /** `name`: for metrics and the log. `rule`: what tells the rule from others, empty for none. `isJudged`: by a model. */
  constructor(
    readonly name: string,
    rule: Bytes,
    isJudged: bool,
  ) {
    const labeller: u64 = isJudged ? 2 : 1;
    // A judge's labels are of another noise than those of agreement: they are not added up.
    this.pooled = xxhash64(Bytes.of(name), labeller);
    this.own = rule.length == 0 ? this.pooled : xxhash64(rule, this.pooled);
    this.noise = xxhash64(rule, labeller);
  }
}

import { nowNanoseconds, nowSeconds } from "../../proxy-wasm/clock";
import { logInfo } from "../../proxy-wasm/log";
import { formatPercent, formatSimilarity } from "../report/similarity";
import { countLabel, countLearning, recordNoise, recordThreshold } from "../report/metrics";
import { LabelNoise } from "./label-noise";
import { LimitStore } from "./limit-store";
import { OtherLabels } from "./other-labels";
import { BINS, binOf, scoreOf, ScoreCounts } from "./score-counts";
import { Stratum } from "./stratum";
import { labelsKept, leastLabels, Threshold } from "./threshold";

/** With which shadow mode counts where no limit is configured. */
export const USUAL_LIMIT: f64 = 0.01;
const TRIES: i32 = 3;
/** Labels after which a threshold is found anew. */
const FIT_EVERY: u32 = 8;
/** Thresholds that one worker remembers. */
const MOST_FITTED: i32 = 128;
const MINUTE: u64 = 60;
/** Minutes are kept in so many bits. */
const MINUTES: u32 = 0xffffff;

/** What becomes of an answer that the guards let through. */
export enum Verdict {
  Serve,
  /** It could be served, and the model is asked to learn whether that is right. */
  Explore,
  /** It is not proved that answers found with such a score are right. */
  Unproven,
}

/** What a limit says to an answer that was found by meaning, and how sure it is. */
export class Ruling {
  constructor(
    readonly verdict: Verdict,
    readonly score: f64,
    /** Least score that is served, above 1 when none is. */
    readonly threshold: f64,
    /** What the share of wrong answers surely is below, from the threshold on. */
    readonly bound: f64,
    /** Labels that it is of. */
    readonly labels: u32,
  ) {}
}

/** What a label tells of. */
export enum LabelKind {
  /** Of an answer that was found and not served. */
  Candidate,
  /** Of two answers to one question. */
  Twin,
  /** Of the answer to a question that a guard has refused. */
  Refused,
}

/** A pair of answers that is compared to learn from it. */
export class Label {
  constructor(
    readonly kind: LabelKind,
    readonly stratum: Stratum,
    /** Of a candidate. */
    readonly score: f64,
    /** Share of wrong answers that is allowed. */
    readonly limit: f64,
  ) {}
}

/** A threshold as it was found after so many labels. */
class Fitted {
  readonly threshold: Threshold = new Threshold();

  constructor(readonly labels: u32) {}
}

/**
 * Keeps the share of wrong answers among the hits by meaning within a limit: an answer is served from the score on
 * from which it is proved by labels that few enough are wrong. Labels come from asking the model though an answer
 * was found, for all below the threshold and a part of the others.
 */
export class ErrorLimit {
  private readonly counts: ScoreCounts = new ScoreCounts();
  private readonly fitted: Map<u64, Fitted> = new Map();
  private random: u64 = 0;

  /** For the log: with those of others. */
  private readonly all: ScoreCounts = new ScoreCounts();

  constructor(
    private readonly store: LimitStore,
    /** What other Envoys have counted; null where nothing is exchanged. */
    private readonly others: OtherLabels | null,
  ) {}

  /** What becomes of an answer that was found with `score`. `explored`: share of those that could be served. */
  rule(stratum: Stratum, score: f64, limit: f64, explored: f64): Ruling {
    let fit = this.fit(stratum.own, stratum, limit);
    if (stratum.own != stratum.pooled && <f64>fit.labels < leastLabels(limit)) {
      fit = this.fit(stratum.pooled, stratum, limit);
    }
    const threshold = fit.threshold;
    let verdict = Verdict.Unproven;
    if (binOf(score) >= threshold.bin) {
      verdict = this.draw() < explored ? Verdict.Explore : Verdict.Serve;
    }
    const least = threshold.bin < BINS ? scoreOf(threshold.bin) : 1.001;
    return new Ruling(verdict, score, least, threshold.bound, <u32>threshold.labels);
  }

  /** Takes what a comparison of two answers has given. */
  learn(label: Label, agrees: bool): void {
    const stratum = label.stratum;
    if (label.kind != LabelKind.Candidate) {
      this.learnNoise(label.kind, stratum, agrees);
      return;
    }
    countLabel(stratum.name, agrees ? "right" : "wrong");
    this.count(stratum.own, label, agrees, true);
    if (stratum.own != stratum.pooled) this.count(stratum.pooled, label, agrees, false);
  }

  /** An answer was found and not served, and the model gave none to compare it with. */
  miss(label: Label): void {
    if (label.kind == LabelKind.Candidate) countLabel(label.stratum.name, "none");
  }

  private count(id: u64, label: Label, agrees: bool, tells: bool): void {
    const counts = this.counts;
    const noise = this.noiseFor(label.stratum);
    for (let i = 0; i < TRIES; i++) {
      this.store.readCounts(id, counts);
      counts.add(label.score, agrees, labelsKept(label.limit, noise));
      if (tells && counts.labels % FIT_EVERY == 0) this.tell(label, counts, noise);
      if (this.store.writeCounts(id, counts)) return countLearning("applied");
    }
    countLearning("contention");
  }

  /** How often labels are wrong, by what this Envoy and others have seen. */
  private noiseFor(stratum: Stratum): LabelNoise {
    const counts = this.store.readNoise(stratum.noise);
    const others = this.others;
    if (others !== null) others.addNoise(stratum.noise, counts);
    return counts.noise;
  }

  private learnNoise(kind: LabelKind, stratum: Stratum, agrees: bool): void {
    for (let i = 0; i < TRIES; i++) {
      const counts = this.store.readNoise(stratum.noise);
      if (kind == LabelKind.Twin) counts.addTwin(agrees);
      else counts.addRefused(agrees);
      if (!this.store.writeNoise(stratum.noise, counts)) continue;
      const noise = counts.noise;
      recordNoise("n0", noise.rightCalledWrong);
      recordNoise("n1", noise.wrongCalledRight);
      return countLearning("applied");
    }
    countLearning("contention");
  }

  private fit(id: u64, stratum: Stratum, limit: f64): Fitted {
    const counts = this.counts;
    const others = this.others;
    this.store.readCounts(id, counts);
    if (others !== null) others.addCounts(id, counts);
    const key = id ^ reinterpret<u64>(limit);
    if (this.fitted.has(key)) {
      const former = this.fitted.get(key);
      if (former.labels / FIT_EVERY == counts.labels / FIT_EVERY) return former;
    }
    if (this.fitted.size >= MOST_FITTED) this.fitted.clear();
    const fitted = new Fitted(counts.labels);
    const threshold = fitted.threshold;
    threshold.fit(counts, limit, this.noiseFor(stratum));
    this.fitted.set(key, fitted);
    const served = threshold.bin < BINS ? scoreOf(threshold.bin) : 1.001;
    recordThreshold(stratum.name, served, threshold.bound);
    return fitted;
  }

  /** Says in the log from which score on answers are served, when that changes and at most once a minute. */
  private tell(label: Label, counts: ScoreCounts, noise: LabelNoise): void {
    const limit = label.limit;
    const threshold = new Threshold();
    const others = this.others;
    const all = this.all;
    all.clear();
    all.addAll(counts);
    if (others !== null) others.addCounts(label.stratum.own, all);
    threshold.fit(all, limit, noise);
    const minute = (<u32>(nowSeconds() / MINUTE)) & MINUTES;
    const isTested = threshold.labels >= leastLabels(limit);
    if (!isTested || counts.toldBin == threshold.bin || counts.toldAt == minute) return;
    counts.toldBin = threshold.bin;
    counts.toldAt = minute;
    const bound = percent(threshold.bound);
    const known = "bound " + bound + " of " + (<u32>threshold.labels).toString() + " labels";
    const served =
      threshold.bin < BINS
        ? "answers by meaning served from " + formatSimilarity(scoreOf(threshold.bin)) + " on"
        : "no answers by meaning served: at most " + percent(limit) + " wrong is not proved";
    logInfo("ai-cache: " + label.stratum.name + ": " + served + " (" + known + ")");
  }

  /** A number from 0 to 1 (Marsaglia's xorshift64). */
  private draw(): f64 {
    let x = this.random == 0 ? nowNanoseconds() | 1 : this.random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    this.random = x;
    return <f64>(x >> 11) / 9007199254740992.0;
  }
}

function percent(share: f64): string {
  return formatPercent(<i32>nearest<f64>(share * 1000));
}

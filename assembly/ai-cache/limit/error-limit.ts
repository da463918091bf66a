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

/** The limit that shadow mode reports on if none is configured. */
export const DEFAULT_LIMIT: f64 = 0.01;
const TRIES: i32 = 3;
/** Labels after which a threshold is computed again. */
const FIT_EVERY: u32 = 8;
/** Most thresholds that a worker remembers. */
const MAX_FITTED: i32 = 128;
const MINUTE: u64 = 60;
/** Bits of a minute counter. */
const MINUTES: u32 = 0xffffff;

/** The ruling on a candidate that passed the guards. */
export enum Verdict {
  Serve,
  /** It could be served, but the model is asked, to learn whether it is right. */
  Explore,
  /** It is not proved that candidates with such a score are right. */
  Unproven,
}

/** The ruling of a limit on a semantic candidate, with its evidence. */
export class Ruling {
  constructor(
    readonly verdict: Verdict,
    readonly score: f64,
    /** Least score that is served, above 1 for none. */
    readonly threshold: f64,
    /** Upper bound of the share of false hits above the threshold. */
    readonly bound: f64,
    /** Number of labels after it. */
    readonly labels: u32,
  ) {}
}

/** The origin of a label. */
export enum LabelKind {
  /** A candidate that was found and not served. */
  Candidate,
  /** Two answers to one question. */
  Twin,
  /** The answer to a question that a guard has rejected. */
  Refused,
}

/** A pair of answers to learn from. */
export class Label {
  constructor(
    readonly kind: LabelKind,
    readonly stratum: Stratum,
    /** Of a candidate. */
    readonly score: f64,
    /** Allowed share of false hits. */
    readonly limit: f64,
  ) {}
}

/** A threshold, and the number of labels it was computed from. */
class Fitted {
  readonly threshold: Threshold = new Threshold();

  constructor(readonly labels: u32) {}
}

/**
 * Keeps the share of false hits below a limit: candidates are served above the score for which labels prove
 * that few enough are wrong. Labels come from asking the model although a candidate was found, for all
 * below the threshold and a part of the others.
 */
export class ErrorLimit {
  private readonly counts: ScoreCounts = new ScoreCounts();
  private readonly fitted: Map<u64, Fitted> = new Map();
  private random: u64 = 0;

  /** For the log, with the labels of others. */
  private readonly all: ScoreCounts = new ScoreCounts();

  constructor(
    private readonly store: LimitStore,
    /** Labels of other Envoys; null without exchange. */
    private readonly others: OtherLabels | null,
  ) {}

  /**
   * The ruling on a candidate with `score`. `explored`: share of servable candidates for which the model is
   * asked.
   */
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

  /** Records the result of a comparison of two answers. */
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

  /** A candidate was not served, and the model gave no answer to compare it with. */
  miss(label: Label): void {
    if (label.kind == LabelKind.Candidate) countLabel(label.stratum.name, "none");
  }

  private count(id: u64, label: Label, agrees: bool, tells: bool): void {
    const counts = this.counts;
    const noise = this.noiseFor(label.stratum);
    for (let i = 0; i < TRIES; i++) {
      this.store.readCounts(id, counts);
      counts.add(label.score, agrees, labelsKept(label.limit, noise));
      if (tells && counts.labels % FIT_EVERY == 0) this.logThreshold(label, counts, noise);
      if (this.store.writeCounts(id, counts)) return countLearning("applied");
    }
    countLearning("contention");
  }

  /** The label noise, by the observations of this Envoy and others. */
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
      const previous = this.fitted.get(key);
      if (previous.labels / FIT_EVERY == counts.labels / FIT_EVERY) return previous;
    }
    if (this.fitted.size >= MAX_FITTED) this.fitted.clear();
    const fitted = new Fitted(counts.labels);
    const threshold = fitted.threshold;
    threshold.fit(counts, limit, this.noiseFor(stratum));
    this.fitted.set(key, fitted);
    const served = threshold.bin < BINS ? scoreOf(threshold.bin) : 1.001;
    recordThreshold(stratum.name, served, threshold.bound);
    return fitted;
  }

  /** Logs changes of the threshold, at most once a minute. */
  private logThreshold(label: Label, counts: ScoreCounts, noise: LabelNoise): void {
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
    if (!isTested || counts.loggedBin == threshold.bin || counts.loggedAt == minute) return;
    counts.loggedBin = threshold.bin;
    counts.loggedAt = minute;
    const bound = percent(threshold.bound);
    const known = "bound " + bound + " of " + (<u32>threshold.labels).toString() + " labels";
    const served =
      threshold.bin < BINS
        ? "semantic hits served from similarity " + formatSimilarity(scoreOf(threshold.bin)) + " on"
        : "no semantic hits served: at most " + percent(limit) + " wrong is not proved";
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

/** Hits by meaning under a limit of wrong answers, simulated: a threshold proved by counting, and worlds to try it in. */
import { normal, rng, zipf } from "./rng.mjs";

const BINS = 64;
const Z95 = 1.645;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const logit = (p) => Math.log(p / (1 - p));

/** Upper limit of the mean of a Poisson count (Wilson–Hilferty). */
function poissonUpper(count) {
  const a = count + 1;
  return a * (1 - 1 / (9 * a) + Z95 / (3 * Math.sqrt(a))) ** 3;
}

/** The least score from which on the share of wrong labels is surely small enough, tested from the top downwards. */
export class Threshold {
  constructor(limit, noise = [0, 0]) {
    [this.n0, this.n1] = noise;
    this.limit = limit;
    this.right = new Float32Array(BINS);
    this.wrong = new Float32Array(BINS);
    this.keep = Math.round(60 / limit + (12 * this.n0 * (1 - this.n0)) / limit ** 2);
    this.least = Math.ceil((1.5 * poissonUpper(0)) / limit);
    this.labels = 0;
    this.bin = BINS;
  }

  static binOf(score) {
    return Math.max(0, Math.min(BINS - 1, Math.floor((score - 0.5) * 2 * BINS)));
  }

  label(score, isRight) {
    (isRight ? this.right : this.wrong)[Threshold.binOf(score)]++;
    this.labels++;
    if (this.labels % 64 === 0) this.forget();
    if (this.labels % 8 === 0) this.fit();
  }

  forget() {
    let sum = 0;
    for (let i = 0; i < BINS; i++) sum += Math.fround(this.right[i] + this.wrong[i]);
    if (sum <= this.keep) return;
    const part = Math.fround(1 - 64 / this.keep);
    for (let i = 0; i < BINS; i++) {
      this.right[i] *= part;
      this.wrong[i] *= part;
    }
  }

  wrongAtMost(wrong, count) {
    const p = wrong / count;
    const z2 = Z95 ** 2;
    const spread = Z95 * Math.sqrt((p * (1 - p)) / count + z2 / (4 * count ** 2));
    const wilson = (p + z2 / (2 * count) + spread) / (1 + z2 / count);
    const share = wrong < 30 ? Math.min(1, poissonUpper(wrong) / count) : wilson;
    return Math.max(0, share - this.n0) / (1 - this.n0 - this.n1);
  }

  fit() {
    let count = 0;
    let wrong = 0;
    let tested = 0;
    this.bin = BINS;
    for (let i = BINS - 1; i >= 0; i--) {
      count += this.right[i] + this.wrong[i];
      wrong += this.wrong[i];
      if (count < this.least || count < 1.25 * tested) continue;
      tested = count;
      if (this.wrongAtMost(wrong, count) > this.limit) return;
      this.bin = i;
    }
  }

  serves(score) {
    return Threshold.binOf(score) >= this.bin;
  }
}

/** How right an answer is that was found with a score, how much entries differ, and how scores lie. */
export const WORLDS = {
  // Strict rules: 99.85 % right at 1, 96 % at 0.75.
  text: {
    curve: (s) => logit(0.9985) + 14 * (s - 1),
    spread: 0.8,
    score: (random) => 1 - 0.25 * random() ** 2.2,
  },
  // By vectors: 98.5 % right at 0.99, 82 % at 0.88.
  vector: {
    curve: (s) => logit(0.985) + 25 * (s - 0.99),
    spread: 1,
    score: (random) => 0.86 + 0.14 * Math.sqrt(random()) * (0.6 + 0.4 * random()),
  },
  // Nearly all right.
  good: {
    curve: (s) => logit(0.999) + 5 * (s - 1),
    spread: 0.3,
    score: (random) => 1 - 0.2 * random(),
  },
  // Never good enough for 1 %.
  bad: {
    curve: (s) => logit(0.93) + 10 * (s - 0.99),
    spread: 1,
    score: (random) => 0.85 + 0.15 * random(),
  },
  // 1.5 % wrong everywhere, the score tells nothing.
  edge: { curve: () => logit(0.986), spread: 0.3, score: (random) => 1 - 0.25 * random() },
  // No logistic curve.
  step: {
    curve: (s) => (s > 0.97 ? logit(0.998) : s > 0.9 ? logit(0.96) : logit(0.7)),
    spread: 0.5,
    score: (random) => 0.8 + 0.2 * random(),
  },
};

/**
 * So many requests for which an answer was found. `threshold`: serves or not, and takes labels. `noise`: how often
 * labels are wrong. `drift`: whether answers get worse halfway.
 */
export function simulate(
  threshold,
  { world, requests, entries = 3000, noise = [0, 0], explored = 0.02, seed = 1, drift = false },
) {
  const { curve, spread, score: draw } = WORLDS[world];
  const random = rng(seed);
  const rank = zipf(random, entries, 0.9);
  const own = Float64Array.from({ length: entries }, () => spread * normal(random));
  const result = { eligible: requests, served: 0, wrong: 0, first: -1 };
  for (let i = 0; i < requests; i++) {
    const entry = rank();
    const score = Math.max(0.5, Math.min(1, draw(random)));
    const worse = drift && i > requests / 2 ? -1.5 : 0;
    const isRight = random() < sigmoid(curve(score) + own[entry] + worse);
    const chance = random();
    if (threshold.serves(score) && chance >= explored) {
      if (result.first < 0) result.first = i;
      result.served++;
      if (!isRight) result.wrong++;
    } else threshold.label(score, isRight ? random() >= noise[0] : random() < noise[1]);
  }
  return result;
}

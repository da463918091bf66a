/**
 * How answers change, as a table of 48 cells: twelve rates of change times four levels of noise, the chance that
 * two answers of one moment seem to differ. Weights over the cells say how likely each is; from them follows how
 * long an answer may live. A rate is of a Poisson process, in changes an hour.
 */

export const CELLS: i32 = 48;
const RATES: i32 = 12;
const LEVELS: i32 = 4;
/** Probability of a change that the comparison of answers does not detect. */
const MISSED: f64 = 0.08;
/** Discount of earlier observations, at each observation. */
const MEMORY: f64 = 0.97;
/** Least log-likelihood that is kept. */
const LEAST: f64 = -16;
/** Log-likelihoods are kept in parts of a nat. */
const PARTS: f64 = 8;
const STEPS: i32 = 14;
/** A rarely asked question may have this multiple of the average stale share. */
const RARE: f64 = 1.4;
/** Stale share at which a shorter lifetime is worth the hits it costs, relative to the target. */
const BALANCE: f64 = 0.15;
const DAY: f64 = 24;

const rates: f64[] = [
  0,
  1 / (365 * DAY),
  1 / (90 * DAY),
  1 / (30 * DAY),
  1 / (10 * DAY),
  1 / (3 * DAY),
  1 / DAY,
  1 / 8.0,
  1 / 2.5,
  1,
  3,
  10,
];
const levels: f64[] = [0.02, 0.15, 0.45, 0.85];

/** The prior of a kind of question. */
export enum QuestionKind {
  General,
  /** It asks about the present. */
  Timely,
  /** It asks for something creative, which differs each time. */
  Creative,
}

const START: f64[] = [6, 3, 3, 3, 2, 1.5, 1.5, 0.7, 0.5, 0.5, 0.2, 0.1];
const START_TIMELY: f64[] = [0.5, 0.3, 0.4, 0.5, 1, 1.5, 4, 3, 2.5, 4, 1.5, 0.8];
const NOISE: f64[] = [0.5, 0.25, 0.15, 0.1];
const NOISE_CREATIVE: f64[] = [0.1, 0.2, 0.3, 0.4];
/** The weight of the prior, in observed questions. */
const START_WEIGHT: f64 = 10;

/** Fills `weights` with the prior of a kind. */
export function startWeights(kind: QuestionKind, weights: StaticArray<f64>): void {
  const rate = kind == QuestionKind.Timely ? START_TIMELY : START;
  const noise = kind == QuestionKind.Creative ? NOISE_CREATIVE : NOISE;
  let sum: f64 = 0;
  for (let k = 0; k < RATES; k++) sum += rate[k];
  for (let i = 0; i < CELLS; i++) {
    unchecked((weights[i] = (START_WEIGHT * rate[i / LEVELS] * noise[i % LEVELS]) / sum));
  }
}

/**
 * The probability of each cell for one question: the weights of its kind, times its own likelihoods.
 * `seen`: log-likelihoods, null for none.
 */
export function posterior(
  weights: StaticArray<f64>,
  seen: StaticArray<f64> | null,
  out: StaticArray<f64>,
): void {
  let top: f64 = -Infinity;
  for (let i = 0; i < CELLS; i++) {
    let value = Math.log(unchecked(weights[i]) + 1e-9);
    if (seen !== null) value += unchecked(seen[i]);
    unchecked((out[i] = value));
    top = max(top, value);
  }
  let sum: f64 = 0;
  for (let i = 0; i < CELLS; i++) {
    const value = Math.exp(unchecked(out[i]) - top);
    unchecked((out[i] = value));
    sum += value;
  }
  for (let i = 0; i < CELLS; i++) unchecked((out[i] /= sum));
}

/** Adds an observation of a question: whether an answer of this age (hours) differed from the next. */
export function observe(seen: StaticArray<f64>, age: f64, differs: bool): void {
  let top: f64 = -Infinity;
  for (let i = 0; i < CELLS; i++) {
    const changed = 1 - Math.exp(-rates[i / LEVELS] * age);
    const noise = levels[i % LEVELS];
    let chance = (1 - changed) * noise + changed * (1 - MISSED * (1 - noise));
    if (!differs) chance = 1 - chance;
    const value = unchecked(seen[i]) * MEMORY + Math.log(max(1e-9, chance));
    unchecked((seen[i] = value));
    top = max(top, value);
  }
  for (let i = 0; i < CELLS; i++) {
    const value = max(LEAST, unchecked(seen[i]) - top);
    unchecked((seen[i] = Math.round(value * PARTS) / PARTS));
  }
}

/** The expected noise of weights. */
export function noiseOf(weights: StaticArray<f64>): f64 {
  let sum: f64 = 0;
  let all: f64 = 0;
  for (let i = 0; i < CELLS; i++) {
    const weight = unchecked(weights[i]);
    sum += weight * levels[i % LEVELS];
    all += weight;
  }
  return all > 0 ? sum / all : 0;
}

/**
 * The life within `[least, most]` hours of answers to a question that is asked `rate` times an hour (0 where that is
 * not known), so that at most `maxStale` of all hits are stale. `likely`: of the cells.
 *
 * A life of T gives rT ÷ (1 + rT) hits, of which aT are stale while aT is small. What is asked often loses hardly a hit
 * by a shorter life: T is where hits × (1 − μaT) is greatest, which is where μaT(2 + rT) = 1. That saves most of the
 * stale answers there are, so the answer to a rare question may live longer than `maxStale` alone would allow.
 */
export function lifeOf(
  likely: StaticArray<f64>,
  maxStale: f64,
  rate: f64,
  least: f64,
  most: f64,
): f64 {
  if (!(rate > 0)) return longestLife(likely, maxStale, least, most);
  const longest = longestLife(likely, RARE * maxStale, least, most);
  const slope = (staleShare(likely, longest) / longest) * (BALANCE / maxStale);
  if (!(slope > 0)) return longest;
  return max(least, min(longest, (Math.sqrt(1 + rate / slope) - 1) / rate));
}

/**
 * The longest lifetime within `[least, most]` hours whose expected stale share, for answers served evenly
 * over it, is at most `maxStale`.
 */
function longestLife(likely: StaticArray<f64>, maxStale: f64, least: f64, most: f64): f64 {
  if (staleShare(likely, most) <= maxStale) return most;
  if (staleShare(likely, least) >= maxStale) return least;
  let low = Math.log(least);
  let high = Math.log(most);
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (staleShare(likely, Math.exp(middle)) <= maxStale) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}

/** The expected stale share of answers served evenly over a lifetime (hours). */
export function staleShare(likely: StaticArray<f64>, life: f64): f64 {
  let share: f64 = 0;
  for (let k = 0; k < RATES; k++) {
    let weight: f64 = 0;
    for (let i = 0; i < LEVELS; i++) weight += unchecked(likely[k * LEVELS + i]);
    const changes = rates[k] * life;
    share += weight * (changes < 1e-4 ? changes / 2 : 1 - (1 - Math.exp(-changes)) / changes);
  }
  return share;
}

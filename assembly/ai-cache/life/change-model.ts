/**
 * How answers change, as a table of 48 cells: twelve rates of change times four levels of noise, the chance that
 * two answers of one moment seem to differ. Weights over the cells say how likely each is; from them follows how
 * long an answer may live. A rate is of a Poisson process, in changes an hour.
 */

export const CELLS: i32 = 48;
const RATES: i32 = 12;
const LEVELS: i32 = 4;
/** A change that the comparison of answers does not see. */
const MISSED: f64 = 0.08;
/** Weight of what was seen before, at each observation. */
const MEMORY: f64 = 0.97;
/** Least log-likelihood that is kept. */
const LEAST: f64 = -16;
/** Log-likelihoods are kept in parts of a nat. */
const PARTS: f64 = 8;
const STEPS: i32 = 14;
/** A question that is hardly asked may have so many times the stale share that is wanted on average. */
const RARE: f64 = 1.4;
/** Stale answers at which a shorter life is worth the hits that it costs, as a part of those that are wanted. */
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

/** What is believed of a kind of question before anything was seen. */
export enum QuestionKind {
  General,
  /** It asks for what is so now. */
  Timely,
  /** It asks for something made up, which is another each time. */
  Creative,
}

const START: f64[] = [6, 3, 3, 3, 2, 1.5, 1.5, 0.7, 0.5, 0.5, 0.2, 0.1];
const START_TIMELY: f64[] = [0.5, 0.3, 0.4, 0.5, 1, 1.5, 4, 3, 2.5, 4, 1.5, 0.8];
const NOISE: f64[] = [0.5, 0.25, 0.15, 0.1];
const NOISE_CREATIVE: f64[] = [0.1, 0.2, 0.3, 0.4];
/** As if so many questions had been seen. */
const START_WEIGHT: f64 = 10;

/** Fills `weights` with what is believed of a kind at first. */
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
 * How likely each cell is for one question: the weights of its kind, times what was seen of itself. `seen`:
 * log-likelihoods, null for nothing.
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

/** Adds to what was seen of a question that an answer of this age (hours) differed from the next, or did not. */
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

/** The level of noise that weights expect. */
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
 * stale answers there are, so what is asked seldom may live longer than `maxStale` alone would let it.
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
 * The longest life within `[least, most]` hours of which the expected share of stale answers, among those that are
 * served evenly over it, is at most `maxStale`.
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

/** The expected share of stale answers among those that are served evenly over a life (hours). */
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

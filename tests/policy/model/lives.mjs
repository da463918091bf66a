/** Small worlds of questions whose answers change, one request after the other at equal distances. Times in hours. */
import { population } from "./change.mjs";
import { exponential, rng, zipf } from "./rng.mjs";

/** Requests for each question in a day, on average. */
const EACH = 2.5;

/** What is asked when, and what a model answers then: the same for all who ask, whatever they have cached. */
export class World {
  constructor({ questions, days, seed }) {
    this.seed = seed;
    this.hours = days * 24;
    this.step = 24 / (EACH * questions);
    /** Hits count from here on: what is new is learned first. */
    this.from = this.hours / 3;
    const random = rng(seed + 99);
    this.questions = population("mixed", questions, seed).map(({ noise, timely, rateAt }) => {
      const changes = [];
      for (
        let t = exponential(random, rateAt(0));
        t < this.hours;
        t += exponential(random, rateAt(0))
      )
        changes.push(t);
      return { noise, timely, changes };
    });
    const rank = zipf(random, questions, 0.9);
    this.asked = Array.from({ length: Math.floor(this.hours / this.step) }, rank);
  }

  /** When the request `i` comes, from 0. */
  timeOf(i) {
    return (i + 1) * this.step;
  }

  /** How often the answer to a question has changed at `t`. */
  versionAt(index, t) {
    const { changes } = this.questions[index];
    let count = 0;
    while (count < changes.length && changes[count] <= t) count++;
    return count;
  }

  /**
   * A model that answers: gives the version, and the number of a wording. Two answers of one moment are worded
   * differently as often as the question's noise says.
   */
  model() {
    const draw = rng(this.seed + 7);
    return (index, t) => {
      const isUsual = draw() < Math.sqrt(1 - this.questions[index].noise);
      const wording = isUsual ? 0 : 1 + Math.floor(draw() * 1e6);
      return { version: this.versionAt(index, t), wording };
    };
  }

  /** The shares of hits among requests, and of stale answers among hits, of a cache that `ask`s for each request. */
  async shares(ask) {
    const sums = { requests: 0, hits: 0, stale: 0 };
    for (const [i, index] of this.asked.entries()) {
      const t = this.timeOf(i);
      const given = await ask(index, t);
      if (t < this.from) continue;
      sums.requests++;
      if (given === undefined) continue;
      sums.hits++;
      if (given < this.versionAt(index, t)) sums.stale++;
    }
    return { hits: sums.hits / sums.requests, stale: sums.stale / sums.hits };
  }

  /** The same for a cache without limits whose lives are a `learner`'s. */
  expected(learner) {
    const answer = this.model();
    const cached = new Map();
    return this.shares((index, t) => {
      const former = cached.get(index);
      if (former !== undefined && t < former.until) return former.version;
      const { timely } = this.questions[index];
      const { version, wording } = answer(index, t);
      if (former !== undefined) {
        const differs = version !== former.version || wording !== former.wording;
        learner.observe(index, timely, t - former.at, differs);
      }
      const until = t + learner.lifeOf(index, timely, t);
      cached.set(index, { version, wording, at: t, until });
      return undefined;
    });
  }
}

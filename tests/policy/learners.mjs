/** What the product learns, in the form that the simulations want. */
import { SharedData, Worker } from "./store.mjs";

const HOUR = 3600;

/** Learned lives of answers. */
export class LearnedLife {
  #worker = new Worker(new SharedData());
  #given = new Map();
  obs = 0;

  constructor(maxStale) {
    this.#worker.exports.openLife(65_536, maxStale, 60, 7 * 86_400);
  }

  lifeOf(id, kind) {
    const life = this.#worker.exports.lifeOf(id, kind) / HOUR;
    this.#given.set(id, life);
    return life;
  }

  observe(id, kind, age, differs) {
    this.obs++;
    const waited = Math.max(-1, (age - (this.#given.get(id) ?? Infinity)) * HOUR);
    // Scores are given, not measured: none counts as a twin's.
    const { exports } = this.#worker;
    exports.observe(id, kind, Math.round(age * HOUR), 500, differs, waited, 1_700_000_000);
  }
}

let shared;

/** The threshold of a limit of wrong answers. One at a time. */
export class ProvedLimit {
  constructor(limit, [n0, n1] = [0, 0]) {
    shared ??= new Worker(new SharedData()).exports;
    shared.openLimit(limit, n0, n1, 0);
  }

  serves(score) {
    return shared.limitServes(score) !== 0;
  }

  label(score, isRight) {
    shared.limitLabel(score, isRight);
  }
}

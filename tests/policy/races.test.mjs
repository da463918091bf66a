/**
 * Workers that interrupt one another at every call to shared data: a Wasm call cannot be suspended, so an
 * interleaving is nested, an operation of one worker cut by a whole operation of another.
 */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { rng } from "./model/rng.mjs";
import { SharedData, Worker } from "./store.mjs";

const SLOTS = 4;
const BYTES = 1 << 20;

/** A store that several workers share, and its clock in seconds. */
class Bench {
  time = 1_700_000_000;
  shared = new SharedData();
  workers = [];

  constructor(count = 2, slots = SLOTS) {
    this.slots = slots;
    for (let i = 0; i < count; i++) this.add();
  }

  add() {
    const worker = new Worker(this.shared, { now: () => this.time });
    worker.open({ entries: this.slots, bytes: BYTES });
    this.workers.push(worker);
    return worker;
  }

  /** Fills the store and lets all workers see it. */
  fill() {
    for (let id = 0; id < this.slots; id++) this.workers[0].exports.put(id, 1, 500 + id, 0);
    for (const worker of this.workers) worker.exports.look(0);
  }

  /** Runs `outer` of the first worker and `inner` of another at its host call number `at`; how many calls there were. */
  cut(outer, inner, at) {
    let calls = 0;
    const [first] = this.workers;
    first.onHostCall = () => {
      if (calls++ !== at) return;
      first.onHostCall = () => calls++;
      inner();
    };
    outer();
    first.onHostCall = () => {};
    return calls;
  }

  /** What must hold when nothing is under way. */
  check(label) {
    // Pending numbers are looked at, drifted sums corrected.
    this.time += 6;
    const witness = this.add();
    for (let round = 0; round < 80; round++) witness.exports.put(10_000 + (round % 2), 1, 0, 0);
    for (const worker of this.workers) for (let i = 0; i < 70; i++) worker.exports.entries(1);
    const { exports } = witness;
    assert.ok(exports.entries(0) <= this.slots, label);
    assert.equal(exports.bytes(0), exports.bytes(1), `${label}: bytes`);
    assert.equal(exports.entries(0), exports.entries(1), `${label}: entries`);
    assert.equal(exports.windowBytes(0), exports.windowBytes(1), `${label}: the window`);
    // Each slot can be had again: fresh keys fill the store and are all found.
    for (let id = 0; id < this.slots; id++) exports.purge(id);
    exports.purge(10_000);
    exports.purge(10_001);
    for (const id of [1, 2, 3, 4, 5, 9, 10, 20, 30, 31, 32]) exports.purge(id);
    assert.equal(exports.slotsUsed() <= this.slots, true, label);
    for (let id = 0; id < this.slots; id++) {
      assert.equal(exports.put(20_000 + id, 1, 0, 0), 0, `${label}: a slot is stuck`);
    }
    for (let id = 0; id < this.slots; id++) {
      assert.equal(exports.look(20_000 + id), 1, `${label}: the store is smaller than it was`);
    }
  }
}

const OPERATIONS = {
  "put of the same key": (w) => w.exports.put(30, 1, 700, 0),
  "put of another key": (w) => w.exports.put(31, 1, 900, 0),
  "put of a stored key": (w) => w.exports.put(1, 1, 650, 0),
  get: (w) => w.exports.look(1),
  alias: (w) => w.exports.alias(32, 2),
  purge: (w) => w.exports.purge(2),
  "another capacity": (w) => w.open({ entries: SLOTS - 1, bytes: BYTES }),
};
const OUTER = {
  "put of a new key": (w) => w.exports.put(30, 1, 800, 0),
  "put of a stored key": (w) => w.exports.put(1, 1, 800, 0),
  purge: (w) => w.exports.purge(1),
};

describe("workers that interrupt one another", () => {
  for (const [outerName, outer] of Object.entries(OUTER)) {
    for (const [innerName, inner] of Object.entries(OPERATIONS)) {
      it(`${outerName}, cut by ${innerName} at each host call`, () => {
        let calls = 1;
        for (let at = 0; at < calls; at++) {
          const bench = new Bench();
          bench.fill();
          const [first, second] = bench.workers;
          calls = bench.cut(
            () => outer(first),
            () => inner(second),
            at,
          );
          bench.check(`at ${at}`);
        }
        assert.ok(calls > 4, "it was cut");
      });
    }
  }

  for (const [outerName, outer] of Object.entries(OUTER)) {
    it(`a worker that dies during ${outerName}, at each host call`, () => {
      let isDone = false;
      for (let at = 0; !isDone && at < 100; at++) {
        const bench = new Bench();
        bench.fill();
        const [first] = bench.workers;
        let calls = 0;
        first.onHostCall = () => {
          if (calls++ === at) throw new Error("the worker is dead");
        };
        isDone = true;
        try {
          outer(first);
        } catch {
          isDone = false;
        }
        bench.workers.shift();
        bench.check(`dead at ${at}`);
      }
      assert.ok(isDone);
    });
  }

  for (const count of [4, 16]) {
    it(`random operations of ${count} workers, cut by others`, () => {
      const steps = Number(process.env.POLICY_STEPS ?? (count === 4 ? 8_000 : 2_000));
      const random = rng(5);
      const below = (n) => Math.floor(random() * n);
      const bench = new Bench(count, 8);
      const answers = (worker, id) => {
        const found = worker.exports.find(id);
        // An alias gives what it stands for.
        if (found >= 0 && id < 24) assert.equal(found, id, "an answer of another key");
        else assert.ok(found === -1 || found < 24);
        return found >= 0;
      };
      const one = (worker, depth) => {
        const id = below(24);
        if (depth > 0 && random() < 0.5) {
          let left = below(12);
          worker.onHostCall = () => {
            if (left-- !== 0) return;
            worker.onHostCall = () => {};
            const others = bench.workers.filter((other) => other !== worker && !other.isBusy);
            if (others.length > 0) one(others[below(others.length)], depth - 1);
          };
        }
        worker.isBusy = true;
        const kind = random();
        if (kind < 0.45) {
          if (!answers(worker, id))
            worker.exports.put(id, 1 + below(9), 400 + below(500), below(3));
        } else if (kind < 0.7) answers(worker, below(32));
        else if (kind < 0.85) worker.exports.put(id, 1, 400 + below(500), 0);
        else if (kind < 0.92) worker.exports.alias(24 + below(8), id);
        else worker.exports.purge(id);
        worker.isBusy = false;
        worker.onHostCall = () => {};
      };
      for (let step = 0; step < steps; step++) {
        one(bench.workers[below(count)], 2);
        if (step % 1000 === 999) {
          bench.time += 6;
          for (const worker of bench.workers)
            for (let i = 0; i < 140; i++) worker.exports.put(i % 2, 1, 0, 0);
          const [{ exports }] = bench.workers;
          assert.equal(exports.bytes(0), exports.bytes(1), `bytes after ${step}`);
          assert.equal(exports.entries(0), exports.entries(1), `entries after ${step}`);
          assert.ok(exports.entries(0) <= 8);
        }
      }
    });
  }
});

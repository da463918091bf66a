/** The strategy that is followed is the one that does best now. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertAsModel, joined, limited, product, STRATEGY, workload } from "./runs.mjs";
import { SharedData, Worker } from "./store.mjs";

const REQUESTS = Number(process.env.POLICY_REQUESTS ?? 6_000);
/** Requests between two ticks. */
const TICK = 128;
/** What a module may leave uncollected, in bytes. */
const MOST_GARBAGE = 2 << 20;
const percent = (share) => `${(100 * share).toFixed(2)} %`;

describe("strategies that adjust themselves", () => {
  for (const name of ["zipf08", "news"]) {
    it(`are hardly worse than the best fixed one: ${name}`, () => {
      const [trace, capacity] = limited(workload(name, REQUESTS), "entries", 0.1);
      const auto = product(trace, "entries", capacity, { strategy: "auto" });
      const fixed = Object.keys(STRATEGY).map((strategy) => ({
        strategy,
        hits: product(trace, "entries", capacity, { strategy }).hits,
      }));
      const best = fixed.sort((a, b) => b.hits - a.hits)[0];
      const told = `${percent(auto.hits)}; ${best.strategy} ${percent(best.hits)}`;
      assert.ok(auto.hits > 0.93 * best.hits, told);
      assert.ok(auto.switches.length <= 6, JSON.stringify(auto.switches));
    });
  }

  it("follow a change, and are found by the workers together", () => {
    const [trace, capacity] = limited(joined(["news", "loop"], REQUESTS), "entries", 0.05);
    const auto = product(trace, "entries", capacity, { strategy: "auto", workers: 2 });
    const even = product(trace, "entries", capacity, { strategy: "even", workers: 2 });
    assert.ok(auto.switches.length >= 1, "none was found better");
    assert.ok(auto.switches.length <= 6, JSON.stringify(auto.switches));
    assert.ok(auto.hits > 0.95 * even.hits, `${percent(auto.hits)}, even ${percent(even.hits)}`);
  });

  it("are compared in stores in miniature that decide as the model does", () => {
    for (const name of ["zipf08", "news", "loop"]) {
      const [trace, capacity] = limited(workload(name, REQUESTS), "entries", 0.1);
      for (const strategy of Object.keys(STRATEGY)) {
        assertAsModel(name, trace, "entries", capacity, { strategy }, 0.01);
      }
    }
  });

  it("know what half and double the capacity would give", () => {
    const [trace, capacity] = limited(workload("zipf08", REQUESTS), "entries", 0.1);
    const { workers } = product(trace, "entries", capacity, { strategy: "auto" });
    const [half, same, double] = [0, 1, 2].map((part) => workers[0].exports.adviceOf(part) / 1000);
    assert.ok(half < same && same < double, `${half} ${same} ${double}`);
    const at = (part) => product(trace, "entries", Math.round(capacity * part)).hits;
    for (const [said, part] of [
      [half, 0.5],
      [double, 2],
    ]) {
      assert.ok(Math.abs(said - at(part)) < 0.1, `${part}: ${said}, ${percent(at(part))}`);
    }
  });

  it("take a worker without requests of its own, as Envoy's main thread is, no more memory as time passes", () => {
    const shared = new SharedData();
    const [other, asked] = [0, 1].map(() => new Worker(shared).open({ entries: 400 }));
    const size = () => other.exports.memory.buffer.byteLength;
    const run = (ticks) => {
      for (let i = 0; i < ticks; i++) {
        for (let k = 0; k < TICK; k++) asked.access((i * TICK + k) * 7919);
        other.exports.tick();
      }
    };
    run(30);
    assert.ok(other.exports.adviceOf(1) >= 0, "it is the one that compares");
    const early = size();
    run(170);
    assert.ok(size() <= early + MOST_GARBAGE, `${early} bytes, then ${size()}`);
  });

  it("go on when the worker that compares them is gone, and take garbage for nothing", () => {
    let time = 1_700_000_000;
    const shared = new SharedData();
    const open = () => new Worker(shared, { now: () => time }).open({ entries: 100 });
    const all = [open(), open(), open()];
    const run = (workers, requests) => {
      for (let i = 0; i < requests; i++) {
        const worker = workers[i % workers.length];
        worker.access((i * 7919) % 331);
        if (i % 100 === 0) {
          time++;
          for (const one of workers) one.exports.tick();
        }
      }
    };
    const advised = (workers) => workers.filter((one) => one.exports.adviceOf(1) >= 0).length;
    run(all, 2500);
    assert.equal(advised(all), 1, "one worker compares");
    const left = all.filter((one) => one.exports.adviceOf(1) < 0);
    run(left, 2500);
    assert.equal(advised(left), 1, "another has taken it over");
    for (const [key, entry] of shared.values) {
      if (/\/(l|k|lease|id)/.test(key)) entry.value = Buffer.alloc(entry.value.length, 0xa5);
    }
    run(left, 600);
    for (const [key, entry] of shared.values) {
      if (/\/(l|k|lease|id)/.test(key)) entry.value = entry.value.subarray(1);
    }
    run(left, 600);
    assert.ok(left[0].exports.entries(0) === 100);
  });
});

/** Runs an exchange with a text of one size and of twice that size, and judges what it costs. */
import assert from "node:assert/strict";
import { Plugin, exchange } from "../host/chain.mjs";
import { allowLogInFile } from "../host/watch.mjs";
import { COUNTER, countingModule, isFast } from "./instrument.mjs";

// What is refused may be logged; a trap fails the test all the same.
allowLogInFile(/./);

/** Bytes of the smaller text. */
export const BYTES = Number(process.env.WORST_BYTES || 16_384);
/** Whether every place is tried, or some. */
export const ALL = process.env.WORST_ALL === "1";

/** How much more twice the text may cost: twice as much, and something for what is logarithmic. */
const MAX_GROWTH = 2.2;
/** Counts for each byte of the larger text. */
export const MAX_PER_BYTE = 150;
/** How many more calls a build without the optimiser makes. */
const FAST_CALLS = 3;
/** Bytes of memory, besides these, for each byte of the larger text. */
const FREE_MEMORY = 16 << 20;
export const MAX_MEMORY = 48;

/** A plugin whose module counts. */
export function countingPlugin(name, configuration, options = {}) {
  const made = new Plugin(name, countingModule(name), configuration, options);
  assert.ok(made.accepted, made.vm.logText());
  return made;
}

/** What the module of a plugin has counted so far. */
export function countOf(plugin) {
  return Number(plugin.vm.exports[COUNTER].value);
}

/**
 * What `run` costs with texts of two sizes. `make`: a fresh plugin. `text`: a text of about so many
 * bytes. `run`: what is done with it; gives the stream, if there is one.
 */
export function measure({ make, text, run, bytes = BYTES }) {
  const plugin = make();
  const sizes = [];
  const counts = [];
  let stream;
  for (const size of [bytes, bytes * 2]) {
    const input = text(size);
    const before = countOf(plugin);
    stream = run(plugin, input);
    assert.ok(!stream?.trap, `a trap at ${input.length} bytes: ${plugin.vm.logText(4)}`);
    sizes.push(input.length);
    counts.push(countOf(plugin) - before);
  }
  return {
    stream,
    bytes: sizes[1],
    growth: counts[1] / counts[0] / (sizes[1] / sizes[0] / 2),
    perByte: counts[1] / sizes[1] / (isFast(plugin.name) ? FAST_CALLS : 1),
    memory: (plugin.vm.memoryBytes - FREE_MEMORY) / sizes[1],
    megabytes: plugin.vm.memoryBytes / 1e6,
  };
}

/**
 * Fails when a reader needs more than linear time, or more time or memory for each byte than is
 * allowed. Steps (a collection, a buffer that doubles) can look like growth at one size; what is
 * quadratic looks worse at a larger one.
 */
export function check(task, most = {}) {
  let found;
  for (const bytes of [BYTES, BYTES * 6, BYTES * 36]) {
    found = measure({ ...task, bytes });
    if (found.growth < MAX_GROWTH) break;
  }
  const { growth, perByte, memory } = found;
  const words = `${found.bytes} bytes: ${perByte.toFixed(1)} counts a byte, growth ${growth.toFixed(2)}, memory ${memory.toFixed(1)} times`;
  assert.ok(growth < MAX_GROWTH, `more than linear: ${words}`);
  assert.ok(perByte < (most.perByte ?? MAX_PER_BYTE), `too slow: ${words}`);
  assert.ok(memory < (most.memory ?? MAX_MEMORY), `too much memory: ${words}`);
  return found;
}

export { exchange };

/**
 * A process that runs module tests with an active mutant and reports whether one fails. It serves many mutants, so
 * that the module is compiled only once. Requests over IPC:
 *
 * - `{ file }`: what does each test reach, and how long does it take? → `{ reached: number[][], ms: number[],
 *   dependent: boolean }`, or `{ fault }` if a test fails without a mutant. `dependent`: some test fails if
 *   it runs alone.
 * - `{ file, mutant, tests }`: does one of these tests, by number, fail? → `{ noticedBy: number }`, −1 for none.
 */
import { register } from "node:module";
import { pathToFileURL } from "node:url";

register("./hooks.mjs", import.meta.url);
const { takeTests } = await import("node:test");
const { watch } = await import("../host/watch.mjs");
const { reached } = await import("../host/mutant.mjs");

const NONE = -1;
const RECORD = -2;

let imports = 0;

/** The tests of a file, from a new import, so that no mutant leaves state to the next. */
async function testsOf(file, mutant) {
  process.env.MUTANT = String(mutant);
  watch.ofFile.length = 0;
  watch.reset();
  takeTests();
  await import(`${pathToFileURL(file).href}?${imports++}`);
  return takeTests();
}

/** Runs one test; returns the error, or null. */
async function fault({ name, group, run }) {
  try {
    watch.reset();
    for (const hook of group.all("beforeEach")) await hook();
    await run?.({ name, diagnostic() {} });
    for (const hook of group.all("afterEach").reverse()) await hook();
    watch.check();
    return null;
  } catch (error) {
    return error ?? new Error("a test threw nothing");
  }
}

async function record(file) {
  const all = [];
  const ms = [];
  let dependent = false;
  const { length } = await testsOf(file, NONE);
  for (let i = 0; i < length; i++) {
    reached.clear();
    const begin = Date.now();
    const tests = await testsOf(file, RECORD);
    if ((await fault(tests[i])) !== null) dependent = true;
    all.push([...reached]);
    ms.push(Date.now() - begin);
  }
  const tests = await testsOf(file, NONE);
  for (const test of dependent ? tests : []) {
    const wrong = await fault(test);
    if (wrong !== null) return { fault: `${file}: ${test.name} fails without a mutant: ${wrong}` };
  }
  return { reached: all, ms, names: tests.map(({ name }) => name), dependent };
}

async function judge({ file, mutant, tests: numbers }) {
  let tests;
  try {
    tests = await testsOf(file, mutant);
  } catch {
    return { noticedBy: numbers[0] };
  }
  for (const number of numbers) {
    if ((await fault(tests[number])) !== null) return { noticedBy: number };
  }
  return { noticedBy: NONE };
}

process.on("message", async (message) => {
  const answer = await ("mutant" in message ? judge(message) : record(message.file));
  process.send(answer);
});
process.send({ ready: true });

/**
 * Mutation tests of the files that decide who gets which answer and what leaves the gateway: some test must fail
 * when one operator, number, name or statement is changed. By default this tries a sample, selected by FUZZ_SEED,
 * for MUTATION_SECONDS in all. MUTANTS=all tries every mutant, MUTANTS=TARGET all of a target, and MUTANTS=TEXT
 * those whose names contain the text.
 */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Random } from "../fuzz/random.mjs";
import { buildMutants } from "./build.mjs";
import { Judge } from "./pool.mjs";
import { readSurvivors } from "./survivors.mjs";
import { TARGETS, testFiles } from "./targets.mjs";

const SECONDS = Number(process.env.MUTATION_SECONDS || 120);
const SEED = Number(process.env.FUZZ_SEED || 1);
const WANTED = process.env.MUTANTS ?? "";
const FOLDER = join(ROOT, "build/mutants");
const WORKERS = Math.min(4, availableParallelism());

const excused = readSurvivors();

function shuffled(list) {
  const random = new Random(SEED);
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Whether every mutant of a target is wanted. */
const isWhole = (name) => WANTED === "all" || WANTED === name;
const namesTarget = TARGETS.some(({ name }) => name === WANTED);

/** Whether some mutants of a target are wanted. */
function isWanted({ name, files }) {
  if (WANTED === "" || isWhole(name)) return true;
  return !namesTarget && files.some((file) => WANTED.includes(file) || file.includes(WANTED));
}

/** The mutants of a target to try, in order. */
function choose({ name }, all) {
  const open = all.filter(({ key }) => !excused.has(key));
  if (WANTED === "") return shuffled(open);
  return isWhole(name) ? open : open.filter(({ key }) => key.includes(WANTED));
}

/** Which tests reach which mutants. */
class Reach {
  /** The test files, each with what its tests reach. */
  files = [];
  /** How many mutants each test has killed: the tests that kill most run first. */
  noticed = new Map();

  add(file, { reached, ms, dependent, fault }) {
    assert.ok(reached, fault ?? `${file} does not end`);
    this.files.push({ file, reached: reached.map((list) => new Set(list)), ms, dependent });
  }

  /** The tests, by file and number, that reach a mutant, and how long they take. */
  of(mutant) {
    return this.files.flatMap(({ file, reached, ms, dependent }) => {
      const numbers = [...reached.keys()].filter((i) => reached[i].has(mutant));
      if (numbers.length === 0) return [];
      const score = (i) => this.noticed.get(`${file} ${i}`) ?? 0;
      const tests = dependent ? [...reached.keys()] : numbers.sort((a, b) => score(b) - score(a));
      return [{ file, tests, ms: tests.reduce((sum, i) => sum + ms[i], 0) }];
    });
  }

  note(file, test) {
    const key = `${file} ${test}`;
    this.noticed.set(key, (this.noticed.get(key) ?? 0) + 1);
  }
}

/** Whether some test fails with this mutant active. */
async function isNoticed(judge, reach, number) {
  for (const { file, tests, ms } of reach.of(number)) {
    const noticedBy = await judge.judge(file, number, tests, ms);
    if (noticedBy < 0) continue;
    reach.note(file, noticedBy);
    return true;
  }
  return false;
}

describe(`mutants of the security-relevant files, FUZZ_SEED=${SEED}`, () => {
  const known = new Set();
  let found = 0;
  for (const target of TARGETS) {
    const { name, modules, files } = target;
    if (!isWanted(target)) continue;
    it(`${modules.join(", ")}: ${name}`, { timeout: 24 * 3600 * 1000 }, async (t) => {
      const end = Date.now() + (SECONDS * 1000) / TARGETS.length;
      const folder = join(FOLDER, name);
      const all = await buildMutants(modules, files, folder);
      for (const { key } of all) known.add(key);
      const chosen = choose(target, all);
      found += chosen.length;
      const judges = Array.from({ length: WORKERS }, () => new Judge(folder));
      const reach = new Reach();
      const survivors = [];
      let tried = 0;
      try {
        for (const file of testFiles(target)) reach.add(file, await judges[0].record(file));
        const tryMutants = async (judge) => {
          while (tried < chosen.length && (WANTED !== "" || tried === 0 || Date.now() < end)) {
            const { key, file, line, name: mutant, number } = chosen[tried++];
            if (await isNoticed(judge, reach, number)) continue;
            survivors.push(`${file}:${line}: ${mutant}`);
            process.stderr.write(`survives: ${file}:${line}: ${mutant}\n  key: ${key}\n`);
          }
        };
        await Promise.all(judges.map(tryMutants));
      } finally {
        for (const judge of judges) judge.stop();
      }
      const excusedHere = all.filter(({ key }) => excused.has(key)).length;
      const result = `${name}: ${all.length} mutants, ${tried} tried, ${survivors.length} survive, ${excusedHere} excused`;
      t.diagnostic(result);
      process.stderr.write(`${result}\n`);
      assert.deepEqual(survivors, []);
    });
  }

  it("there are mutants of that name", () =>
    assert.ok(found > 0, `MUTANTS=${WANTED} is part of none`));

  it("every excused mutant is built", () => {
    if (WANTED !== "" && WANTED !== "all") return;
    for (const key of excused.keys()) assert.ok(known.has(key), `no such mutant: ${key}`);
  });
});

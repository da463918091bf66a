/**
 * Mutants of the files that decide who gets which answer and what leaves the gateway: a change of one
 * operator, number, name or statement, which some test must notice. A few by default, chosen by
 * FUZZ_SEED, as many as MUTATION_SECONDS allow in all; MUTANTS=all takes every one, MUTANTS=TEXT those
 * whose names hold it.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Random } from "../fuzz/random.mjs";
import { buildMutants } from "./build.mjs";
import { TARGETS } from "./targets.mjs";

const SECONDS = Number(process.env.MUTATION_SECONDS || 120);
const SEED = Number(process.env.FUZZ_SEED || 1);
const WANTED = process.env.MUTANTS ?? "";
const FOLDER = join(ROOT, "build/mutants");
/** A mutant that makes a test hang is noticed, too. */
const TEST_SECONDS = 300;
const WORKERS = Math.min(4, availableParallelism());

/** `key<TAB>reason` a line: mutants that no test can notice, or that nobody could use. */
const excused = new Map(
  readFileSync(join(ROOT, "tests/mutation/survivors.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split("\t")),
);

const environment = { ...process.env, BUILDS: "stock" };
// Else the child reports in the runner's own way.
delete environment.NODE_TEST_CONTEXT;

/** Whether a test file fails with this mutant of a folder alive; ends at its first failure. */
function notices(folder, file, number) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--test-reporter=tap", file], {
      cwd: ROOT,
      env: { ...environment, MODULES: folder, MUTANT: String(number) },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let isNoticed = false;
    const end = () => {
      isNoticed = true;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(end, TEST_SECONDS * 1000);
    let rest = "";
    child.stdout.on("data", (data) => {
      rest += data;
      if (/^\s*not ok /m.test(rest)) end();
      rest = rest.slice(rest.lastIndexOf("\n") + 1);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(isNoticed || code !== 0);
    });
  });
}

function shuffled(list) {
  const random = new Random(SEED);
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Those to try, in order. */
function choose(all) {
  const open = all.filter(({ key }) => !excused.has(key));
  if (WANTED === "") return shuffled(open);
  return WANTED === "all" ? open : open.filter(({ key }) => key.includes(WANTED));
}

describe(`mutants of the security-relevant files, FUZZ_SEED=${SEED}`, () => {
  const known = new Set();
  let found = 0;
  for (const { name, module, files, tests } of TARGETS) {
    const isWanted =
      WANTED === "" ||
      WANTED === "all" ||
      files.some((file) => WANTED.includes(file) || file.includes(WANTED));
    if (!isWanted) continue;
    it(`${module}: ${name}`, { timeout: 24 * 3600 * 1000 }, async (t) => {
      const end = Date.now() + (SECONDS * 1000) / TARGETS.length;
      const folder = join(FOLDER, name);
      const all = await buildMutants(module, files, join(folder, `${module}.wasm`));
      for (const { key } of all) known.add(key);
      const paths = tests.map((test) => `tests/module/${test}.test.mjs`);
      /** Test files that pass without a mutant: else they would notice everything. */
      const sound = new Map();
      const isSound = (path) => {
        if (!sound.has(path)) sound.set(path, notices(folder, path, -1));
        return sound
          .get(path)
          .then((failed) => assert.ok(!failed, `${path} fails without a mutant`));
      };
      const chosen = choose(all);
      found += chosen.length;
      const survivors = [];
      let tried = 0;
      const tryMutants = async () => {
        while (tried < chosen.length && (WANTED !== "" || tried === 0 || Date.now() < end)) {
          const { key, file, line, name: mutant, number } = chosen[tried++];
          let isNoticed = false;
          for (const path of paths) {
            if (isNoticed) break;
            await isSound(path);
            isNoticed = await notices(folder, path, number);
          }
          if (isNoticed) continue;
          survivors.push(`${file}:${line}: ${mutant}`);
          process.stderr.write(`survives: ${file}:${line}: ${mutant}\n  key: ${key}\n`);
        }
      };
      await Promise.all(Array.from({ length: WORKERS }, tryMutants));
      t.diagnostic(`${tried} of ${all.length} mutants tried, ${survivors.length} survive`);
      assert.deepEqual(survivors, []);
    });
  }

  it("there are mutants of that name", () =>
    assert.ok(found > 0, `MUTANTS=${WANTED} is part of none`));

  it("every excused mutant exists and has a reason", () => {
    for (const [key, reason] of excused) {
      const isBuilt = WANTED === "" || WANTED === "all";
      if (isBuilt) assert.ok(known.has(key), `no such mutant: ${key}`);
      assert.match(reason ?? "", /\w/, key);
    }
  });
});

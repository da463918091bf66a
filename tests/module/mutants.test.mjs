/** What is mutated (`tests/mutation`) is there, and what is excused exists and has a reason. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { findMutants } from "../mutation/mutators.mjs";
import { readSurvivors } from "../mutation/survivors.mjs";
import { TARGETS, testFiles } from "../mutation/targets.mjs";

describe("mutants of the security-relevant files", () => {
  for (const target of TARGETS) {
    it(`${target.name}: every file and every test exists`, () => {
      for (const file of target.files) assert.ok(existsSync(join(ROOT, file)), `no file ${file}`);
      for (const file of testFiles(target)) assert.ok(existsSync(file), `no test ${file}`);
    });
  }

  it("every excused mutant exists and has a reason", () => {
    const files = TARGETS.flatMap((target) => target.files);
    const read = (file) => readFileSync(join(ROOT, file), "utf8");
    const keys = new Set(
      files.flatMap((file) => findMutants(file, read(file)).map(({ key }) => key)),
    );
    for (const [key, reason] of readSurvivors()) {
      assert.ok(keys.has(key), `no such mutant: ${key}`);
      assert.match(reason ?? "", /\w/, key);
    }
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";

/** The pairs of `tests/fixtures/question_pairs.tsv`. */
export function readPairs() {
  return readFileSync(join(ROOT, "tests/fixtures/question_pairs.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [language, category, truth, a, b] = line.split("\t");
      return { language, category, truth, a, b };
    });
}

/** The pairs of `tests/fixtures/trap_pairs.tsv`, written without knowing the tables. */
export function readTraps() {
  return readFileSync(join(ROOT, "tests/fixtures/trap_pairs.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [language, want, category, a, b] = line.split("\t");
      return { language, category, truth: want === "same" ? "same" : "different", a, b };
    });
}

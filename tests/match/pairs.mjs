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
    .map((line, i) => {
      const [language, want, category, a, b] = line.split("\t");
      return {
        number: i + 1,
        language,
        category,
        truth: want === "same" ? "same" : "different",
        a,
        b,
      };
    });
}

/** The pairs of `tests/fixtures/kind_pairs.tsv`, numbered from 1: rules are chosen on the even ones. */
export function readKinds() {
  return readFileSync(join(ROOT, "tests/fixtures/kind_pairs.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line, i) => {
      const [language, category, truth, a, b] = line.split("\t");
      return { number: i + 1, language, category, truth, a, b };
    });
}

/** A share in percent with its 95 % interval (Wilson), as text. */
export function share(count, of) {
  const z = 1.96;
  const p = count / of;
  const centre = p + (z * z) / (2 * of);
  const reach = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const [low, high] = [centre - reach, centre + reach].map((x) => (100 * x) / (1 + (z * z) / of));
  return `${count} of ${of} (${Math.max(0, low).toFixed(0)} to ${high.toFixed(0)} %)`;
}

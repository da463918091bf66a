/** Compares the module's matcher with the reference in Python, pair by pair. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { findPython } from "../../scripts/tools/python.mjs";
import { Matcher } from "./matcher.mjs";

export const REFERENCE = join(ROOT, "tests/reference/matcher");
const EXAMPLES = ["examples.tsv", "zh_pairs.tsv"].map((name) => join(REFERENCE, name));

function python(script, ...args) {
  return execFileSync(findPython(), [join(REFERENCE, script), ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONDONTWRITEBYTECODE: "1" },
  });
}

/** Pairs that the generator makes of the examples: the same seed gives the same pairs. */
export function generatePairs(count, seed) {
  const output = python("mutate.py", String(count), String(seed), ...EXAMPLES);
  return output
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
}

/** Differences between module and reference over `pairs`, as texts. */
export function differences(pairs) {
  const folder = mkdtempSync(join(tmpdir(), "match-"));
  try {
    const file = join(folder, "pairs.tsv");
    writeFileSync(file, pairs.map((pair) => `${pair.join("\t")}\n`).join(""));
    const expected = python("matcher.py", "--oracle", file).trimEnd().split("\n");
    const matcher = new Matcher();
    const found = [];
    pairs.forEach(([a, b], i) => {
      const actual = JSON.stringify(describe(matcher, a, b));
      const wanted = JSON.stringify(JSON.parse(expected[i]));
      if (actual !== wanted)
        found.push(`${a} | ${b}\n  reference ${wanted}\n  module    ${actual}`);
    });
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the reference says of each text: whether every character is accounted for. */
export function explainedByReference(texts) {
  const folder = mkdtempSync(join(tmpdir(), "match-"));
  try {
    const file = join(folder, "texts.json");
    writeFileSync(file, JSON.stringify(texts));
    return python("matcher.py", "--explained", file)
      .trimEnd()
      .split("\n")
      .map((line) => line === "1");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(matcher, a, b) {
  const c = matcher.compare(a, b);
  if (c === null) return null;
  if (c.vetoes === "text") return "text";
  const first = matcher.canonical(a);
  const second = matcher.canonical(b);
  return [
    c.vetoes === "" ? [] : c.vetoes.split(" ").sort(),
    c.leftA,
    c.leftB,
    c.matched,
    c.size,
    c.strict,
    c.substitution,
    c.insertion,
    first.key === second.key,
    first.standalone,
  ];
}

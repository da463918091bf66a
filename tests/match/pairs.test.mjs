/** The matcher on pairs of questions: what it keeps of those that ask the same, and what it serves wrongly. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPairs } from "./pairs.mjs";
import { Matcher } from "./matcher.mjs";

/** Least share of the pairs that ask the same and are served, in percent. */
const FLOORS = { en: 80, zh: 78, mixed: 100 };

test("serves no question that asks something else", () => {
  const matcher = new Matcher();
  const wrong = readPairs()
    .filter(({ truth, a, b }) => truth === "different" && matcher.compare(a, b)?.strict)
    .map(({ a, b }) => `${a} | ${b}`);
  assert.deepEqual(wrong, []);
});

test("serves most of those that ask the same", () => {
  const matcher = new Matcher();
  for (const [language, floor] of Object.entries(FLOORS)) {
    const pairs = readPairs().filter((pair) => pair.language === language && pair.truth === "same");
    const kept = pairs.filter(({ a, b }) => matcher.compare(a, b)?.strict).length;
    const share = (100 * kept) / pairs.length;
    process.stdout.write(`${language}: ${kept} of ${pairs.length} kept\n`);
    assert.ok(share >= floor, `${language}: ${share.toFixed(1)} % kept, ${floor} % expected`);
  }
});

test("the pairs are many, and of both kinds in each language", () => {
  const pairs = readPairs();
  assert.ok(pairs.length >= 300);
  for (const language of Object.keys(FLOORS)) {
    const truths = new Set(
      pairs.filter((pair) => pair.language === language).map((pair) => pair.truth),
    );
    assert.deepEqual([...truths].sort(), ["different", "same"]);
  }
  assert.equal(new Set(pairs.map(({ a, b }) => `${a}\t${b}`)).size, pairs.length);
});

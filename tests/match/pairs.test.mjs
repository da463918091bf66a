/** The matcher on pairs of questions: what it keeps of those that ask the same, and what it serves wrongly. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { readKinds, readPairs, readTraps, share } from "./pairs.mjs";
import { Matcher } from "./matcher.mjs";

const DOCUMENT = readFileSync(join(ROOT, "docs/matching.md"), "utf8");

/**
 * Least share of the pairs that ask the same and are served, in percent. Of the mixed ones a Japanese
 * pair is not: the matcher has no rules for kana.
 */
const FLOORS = { en: 88, zh: 86, mixed: 66 };

test("serves no question that asks something else", () => {
  const matcher = new Matcher();
  const different = readPairs().filter(({ truth }) => truth === "different");
  const wrong = different.filter(({ a, b }) => matcher.compare(a, b)?.strict);
  const figure = share(wrong.length, different.length);
  process.stdout.write(`own pairs: wrong ${figure}\n`);
  assert.ok(DOCUMENT.includes(figure), `docs/matching.md does not say ${figure}`);
  assert.deepEqual(wrong, []);
});

test("serves most of those that ask the same", () => {
  const matcher = new Matcher();
  for (const [language, floor] of Object.entries(FLOORS)) {
    const pairs = readPairs().filter((pair) => pair.language === language && pair.truth === "same");
    const kept = pairs.filter(({ a, b }) => matcher.compare(a, b)?.strict).length;
    const figure = share(kept, pairs.length);
    process.stdout.write(`own pairs, ${language}: kept ${figure}\n`);
    assert.ok(DOCUMENT.includes(figure), `docs/matching.md does not say ${figure}`);
    const percent = (100 * kept) / pairs.length;
    assert.ok(percent >= floor, `${language}: ${percent.toFixed(1)} % kept, ${floor} % expected`);
  }
});

/**
 * Sets of which rules were chosen on the pairs with even numbers: least kept and most wrong of the odd
 * ones, in each language.
 */
const HALVES = {
  "pairs by another hand": { read: readTraps, en: [26, 0], zh: [9, 0] },
  "pairs by kind": { read: readKinds, en: [31, 1], zh: [12, 0] },
};

for (const [name, { read, ...bounds }] of Object.entries(HALVES)) {
  test(`of ${name}, serves none or few that ask something else`, () => {
    const matcher = new Matcher();
    const serves = ({ a, b }) => matcher.compare(a, b)?.strict ?? false;
    for (const [language, [least, most]] of Object.entries(bounds)) {
      for (const half of [0, 1]) {
        const pairs = read().filter((x) => x.language === language && x.number % 2 === half);
        const same = pairs.filter(({ truth }) => truth === "same");
        const different = pairs.filter(({ truth }) => truth === "different");
        const kept = same.filter(serves).length;
        const wrong = different.filter(serves);
        process.stdout.write(
          `${name}, ${language}, ${half ? "odd" : "even"}: kept ${share(kept, same.length)}, ` +
            `wrong ${share(wrong.length, different.length)}\n`,
        );
        if (half === 0) continue;
        for (const figure of [share(kept, same.length), share(wrong.length, different.length)]) {
          assert.ok(DOCUMENT.includes(figure), `docs/matching.md does not say ${figure}`);
        }
        assert.ok(kept >= least, `${kept} kept, ${least} expected`);
        assert.ok(wrong.length <= most, JSON.stringify(wrong, null, 1));
      }
    }
  });
}

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

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../fuzz/random.mjs";
import { differences, generatePairs, REFERENCE } from "./differential.mjs";
import { Matcher } from "./matcher.mjs";

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const GENERATED = 40_000;
const NOISY = 12_000;

/** Pieces of text that the scanners of literals, operators, numbers, names and characters look at. */
const PIECES = [
  ...["'s", "n't", " don't ", " u ", " it's ", "-", "--force ", " -a ", " `ls -l` ", '"hello"'],
  ...[
    "“hi”",
    "《书》",
    "「x」",
    " http://a.example/c?d ",
    "me@x.org",
    "+",
    "*",
    " - ",
    " / ",
    "<",
    ">=",
  ],
  ...[
    "≤",
    "→",
    "∑",
    "★",
    "😀",
    " 🙏",
    "❤️",
    " 3.10 ",
    " 2,000 ",
    " 12/03 ",
    " 9:45 ",
    " 2 million ",
  ],
  ...[" twenty five ", " third ", " 5 kg ", " 3 pm ", "£5", "$", "%", " Go ", " IT ", " C++ "],
  ...[
    " node.js. ",
    " iPhone ",
    " US ",
    " ALL CAPS ",
    " café ",
    " É ",
    "ﬁ",
    "①",
    "Ｆｕｌｌ",
    "　",
    "\u00a0",
  ],
  ...[
    "…",
    " half a dozen ",
    " my ",
    " your ",
    " he ",
    " she ",
    " not ",
    " never ",
    " without ",
    " to ",
  ],
  ...[
    " from ",
    " and ",
    " vs ",
    " Monday ",
    " tomorrow ",
    "两千三百",
    "三",
    "不",
    "别去",
    "为什么",
    "怎么样",
  ],
  ...[
    "怎么",
    "她",
    "它",
    "電話",
    "上午",
    "開",
    "关",
    "到",
    "把",
    "与",
    " python3 ",
    "x86",
    "?",
    "!",
    ".",
    ", ",
  ],
  ...[
    " (x) ",
    "_a_",
    "ä",
    "ß",
    "Ω",
    "Д",
    " cors ",
    " post code ",
    " postcode ",
    "2nd",
    "k",
    "10 k",
  ],
  ...[" bus's ", " buses' ", "rock'n'roll", "'", "’", "100%"],
];

/** A text with up to four pieces put in. */
function addNoise(text, random) {
  const characters = Array.from(text);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(characters.length + 1);
    characters.splice(at, random.chance(0.2) ? 1 : 0, ...Array.from(random.pick(PIECES)));
  }
  return characters.join("");
}

test("the examples get the verdict that stands beside them", () => {
  const matcher = new Matcher();
  let count = 0;
  for (const name of ["examples.tsv", "zh_pairs.tsv"]) {
    for (const line of readFileSync(join(REFERENCE, name), "utf8").split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [group, expected, a, b] = line.split("\t");
      const verdict = matcher.compare(a, b)?.strict ? "serve" : "refuse";
      assert.equal(verdict, expected, `${group}: ${a} | ${b}`);
      count++;
    }
  }
  assert.ok(count >= 275, `${count} examples`);
});

test(`module and reference agree on ${GENERATED} generated pairs`, () => {
  assert.deepEqual(differences(generatePairs(GENERATED, SEED)), []);
});

test(`module and reference agree on ${NOISY} pairs with signs, numbers, names and odd characters`, () => {
  const random = new Random(SEED);
  const pairs = generatePairs(NOISY, SEED + 1).map(([a, b]) => {
    const noisy = addNoise(a, random);
    return [noisy, addNoise(random.chance(0.5) ? noisy : b, random)];
  });
  assert.deepEqual(differences(pairs), []);
});

test("a comparison is the same from both sides", () => {
  const matcher = new Matcher();
  for (const [a, b] of generatePairs(4000, SEED + 2)) {
    const there = matcher.compare(a, b)?.strict;
    assert.equal(there, matcher.compare(b, a)?.strict, `${a} | ${b}`);
  }
});

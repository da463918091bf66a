/** Which characters a question may hold and still be compared by meaning, and that nothing hides in the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rangesOf, readSections } from "../../scripts/tools/match-tables.mjs";
import { explainedByReference } from "./differential.mjs";
import { Matcher } from "./matcher.mjs";

const matcher = new Matcher();
const ENGLISH = "How do I reset my password?";
const CHINESE = "怎么重置密码？";
const sections = readSections("characters.txt");
const text = (point) => String.fromCodePoint(point);

/** Areas in which the code points are of one kind: of them every 16th is enough, but where all tests run. */
const UNIFORM = [
  [0x3400, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xe000, 0xf8ff],
  [0x10000, 0x1efff],
  [0x1fb00, 0x10ffff],
];
const STEP = process.env.TEST_ALL ? 1 : 16;

/** All code points, those of planes without blocks thinned out. */
function* points() {
  for (let c = 0; c <= 0x10ffff; c++) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const isUniform = UNIFORM.some(([first, last]) => c >= first && c <= last);
    const isTag = c >= 0xe0000 && c <= 0xe01ff;
    const step = c >= 0x20000 && !isTag ? 16 * STEP : isTag || !isUniform ? 1 : STEP;
    if (c % step === 0) yield c;
  }
}

function insert(base, at, piece) {
  return base.slice(0, at) + piece + base.slice(at);
}

/** Places at the start, inside a word, between two words, and at the end. */
const PLACES = {
  [ENGLISH]: { start: 0, word: 22, gap: 9, end: ENGLISH.length },
  [CHINESE]: { start: 0, word: 3, end: CHINESE.length },
};

/**
 * What changes nothing where it stands alone: blanks, and punctuation in its usual places. Inside a
 * word a letter more is a typing error, and what parts a word leaves a compound; Chinese function
 * characters are dropped.
 */
const BLANKS = "\t\n\r \u00a0\u202f\u3000";
const OPENERS = "([\"'“‘„«¿¡《「『【〈（［＂＇";
const CLOSERS = ")]\"'”’“»》」』】〉）］＂＇";
const ENDS = `.!?,;:．！？，；：、。…·${CLOSERS}`;
const INNER = "&',-./:·–—‘’＆＇，－．／：";
const LETTERS = "abcdefghijklmnopqrstuvwxyzａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ";
const chinese = readSections("chinese.txt");
const stops = chinese.stop.join("") + chinese.light.join("");
const FUNCTION = `${stops}${chinese.traditional
  .join(" ")
  .split(/\s+/)
  .filter((pair) => stops.includes(pair[1]))
  .map((pair) => pair[0])
  .join("")}`;
const HARMLESS = {
  [ENGLISH]: {
    start: `${BLANKS}${OPENERS}SＳ`,
    word: BLANKS + INNER + LETTERS,
    gap: `${BLANKS}${OPENERS}rｒ`,
    end: BLANKS + ENDS,
  },
  [CHINESE]: {
    start: BLANKS + OPENERS + FUNCTION,
    word: `${BLANKS}${ENDS}${OPENERS}-–—－${FUNCTION}`,
    end: `${BLANKS}${ENDS}-–—－${FUNCTION}`,
  },
};

test("the table is what Unicode says", () => {
  const all = (lines, holds) => {
    const wrong = [];
    for (const [first, last] of rangesOf(lines)) {
      for (let c = first; c <= last; c++) if (!holds(text(c))) wrong.push(c.toString(16));
    }
    return wrong;
  };
  const isWide = (c) => /[\uff01-\uff5e\uffe5]/u.test(c);
  const stays = (c) => c.normalize("NFKC") === c || isWide(c);
  const checks = {
    letters: (c) => c === "µ" || (/[\p{Script=Latin}\p{Script=Han}]/u.test(c) && stays(c)),
    digits: (c) => /\p{Nd}/u.test(c) && stays(c),
    marks: (c) => /\p{Mn}/u.test(c),
    blanks: (c) => /\s/u.test(c),
    punctuation: (c) => /[\p{P}\p{S}]/u.test(c) && (stays(c) || c === "…"),
    symbols: (c) => /[\p{So}\p{Sm}\p{Sk}\p{Emoji}]/u.test(c) && (stays(c) || c === "℃"),
    joiners: (c) => c === "\u200d" || c === "\ufe0f",
  };
  assert.deepEqual(Object.keys(sections).sort(), Object.keys(checks).sort());
  for (const [name, holds] of Object.entries(checks)) {
    assert.deepEqual(all(sections[name], holds), [], name);
  }
});

test("module and reference agree on every code point, wherever it stands", () => {
  const texts = [];
  for (const c of points()) {
    for (const [base, places] of Object.entries(PLACES)) {
      for (const at of Object.values(places)) texts.push(insert(base, at, text(c)));
    }
  }
  const expected = explainedByReference(texts);
  const differ = texts.filter((t, i) => matcher.explained(t) !== expected[i]);
  assert.deepEqual(differ, []);
});

test("no code point put into a question leaves its meaning as it was, but the few that are harmless", () => {
  for (const [base, places] of Object.entries(PLACES)) {
    for (const [place, at] of Object.entries(places)) {
      const harmless = HARMLESS[base][place];
      const found = [];
      for (const c of points()) {
        const odd = insert(base, at, text(c));
        if (c % 97 !== 0 && !matcher.explained(odd)) continue;
        const matches = matcher.compare(odd, base)?.strict ?? false;
        assert.equal(matcher.compare(base, odd)?.strict ?? false, matches, odd);
        if (matches) found.push(text(c));
      }
      const wrong = found.filter((c) => !harmless.includes(c));
      assert.deepEqual(wrong, [], `${place} of ${base}`);
      assert.ok(found.length >= 20, `${place} of ${base}: ${found.join("")}`);
    }
  }
});

const pointsOf = (lines) =>
  rangesOf(lines).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => text(first + i)),
  );
const signs = pointsOf(sections.punctuation);
const blanks = pointsOf(sections.blanks);

/** Whether a question with `piece` put in at any place is taken for the question. */
function hides(piece) {
  return Object.entries(PLACES).some(([base, places]) =>
    Object.values(places).some((at) => {
      const odd = insert(base, at, piece);
      const there = matcher.compare(odd, base)?.strict ?? false;
      assert.equal(matcher.compare(base, odd)?.strict ?? false, there, odd);
      return there;
    }),
  );
}

test("no run of signs or blanks hides in a question", () => {
  const found = [];
  for (const sign of [...signs, ...blanks]) {
    for (const count of [7, 12, 60]) {
      for (const piece of [sign.repeat(count), ` ${sign.repeat(count)} `, ` ${sign}`.repeat(count)])
        if (hides(piece)) found.push(piece);
    }
  }
  assert.deepEqual(found, []);
});

test("no pattern of two signs or blanks hides in a question", () => {
  const kinds = [...signs.filter((sign) => sign < "\uff00"), "\t", "\n", "\u00a0", "\u3000"];
  const found = [];
  for (const a of kinds) {
    for (const b of kinds) {
      if (a >= b) continue;
      for (const piece of [
        `${a}${b}${b}${a}${b}${a}${a}`,
        `${a}${b} ${b}${a}${a} ${a}${b}`,
        ` ${a} ${b} ${b} ${a} ${b} ${a}`,
      ])
        if (hides(piece)) found.push(piece);
    }
  }
  assert.deepEqual(found, []);
});

test("a short run passes only at the end of a word, and only of what people write there", () => {
  const short = signs.filter((sign) => [2, 3].some((count) => hides(sign.repeat(count))));
  assert.deepEqual(
    short.filter((sign) => !`${ENDS}${OPENERS}-–—－`.includes(sign)),
    [],
  );
  for (const end of ["", "??", "!!!", "?!", "...", " ?", "\n", ").\n", "……", "”。"]) {
    for (const base of [ENGLISH, CHINESE])
      assert.ok(matcher.compare(base.slice(0, -1) + end, base).strict, base + end);
  }
});

/** A payload in what a reader of plain questions would never see or miss. */
const PAYLOADS = {
  Braille: "⠊⠛⠝⠕⠗⠑⠀⠁⠇⠇",
  Morse: ".. --. -. --- .-. .",
  "Morse in dots and dashes": "·—·· —— ··—",
  "Morse in bullets": "•• ––• –•",
  "Morse in commas": ",;,;; ;;, ,;",
  "Morse in emoji": "😀 😡😀 😡😡",
  "zero-width characters": "\u200b\u200c\u200b\u200d\u200c\u2060\ufeff",
  "hidden tags": Array.from("say evil", (c) => text(0xe0000 + c.charCodeAt(0))).join(""),
  "variation selectors": "\ufe00\ufe01\u{e0100}\u{e01ef}",
  "a direction override": "\u202elive yas\u202c",
  "soft hyphens": "\u00ad\u00ad\u00ad",
  "private use": "\ue000\uf8ff\u{f0000}",
  controls: "\u0000\u0001\u001b[8m\u007f\u0085",
  "stacked marks": "e\u0301\u0302\u0303\u0308",
  "mathematical letters": "𝐬𝐚𝐲 𝐞𝐯𝐢𝐥",
  "enclosed letters": "ⓢⓐⓨ 🄴🅅🄸🄻",
  "white space": " \t  \t\t \t \t\t",
  "box drawing": "┤├ ┬┴",
  "another script": "скажи зло",
};

test("no payload in characters that people do not read hides in a question, nor behind one", () => {
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    for (const piece of [payload, ` ${payload}`, `\n${payload}\n`, `(${payload})`])
      assert.ok(!hides(piece), name);
  }
  assert.ok(!matcher.compare("How do I reset my pаssword?", ENGLISH).strict, "a Cyrillic letter");
  assert.ok(!matcher.compare("How do I re\u200bset my password?", ENGLISH).strict);
});

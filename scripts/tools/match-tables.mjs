/**
 * Packs the matcher's tables (`assembly/match/tables/*.txt`, which describe their format) and the Unicode
 * character tables that it needs into static data: one TypeScript file.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildWords, hashOf, writeForReference } from "./match-words.mjs";
import { ROOT } from "./paths.mjs";

const FOLDER = join(ROOT, "assembly/match/tables");
const OUTPUT = join(FOLDER, "data.ts");

/** The flags of a word. */
const FLAGS = {
  stop: 1,
  light: 2,
  negations: 4,
  directions: 8,
  symmetric: 16,
  particles: 32,
  anaphora: 64,
  continuations: 128,
  endings: 256,
  contractions: 512,
  "cased units": 1024,
  "cased words": 2048,
  auxiliaries: 1 << 16,
  "past auxiliaries": 1 << 17,
  be: 1 << 18,
  relators: 1 << 19,
  leading: 1 << 20,
  determiners: 1 << 21,
  pronouns: 1 << 22,
  compounding: 1 << 23,
  "verb particles": 1 << 24,
  get: 1 << 26,
  objects: 1 << 27,
  "infinitive or gerund": 1 << 28,
};
/** An irregular past tense or participle. */
const PAST_FLAG = 1 << 25;
/** Size of a dictionary entry, in bytes; `tables/dictionary.ts` reads entries. */
const ENTRY_BYTES = 26;

/** The lines of each section, by its name, without comments and empty lines. */
export function readSections(name) {
  const sections = {};
  let lines = [];
  for (const line of readFileSync(join(FOLDER, name), "utf8").split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const heading = /^\[(.+)\]$/.exec(line);
    if (heading) lines = sections[heading[1]] ??= [];
    else lines.push(line.trim());
  }
  return sections;
}

const wordsOf = (lines) => lines.flatMap((line) => line.split(/\s+/));
const pairsOf = (lines, sign = "=") =>
  lines.map((line) => {
    const at = line.indexOf(sign);
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });

/** Writes the static data. */
class Output {
  text = "";

  comment(line) {
    this.text += `\n// ${line}\n`;
  }

  number(name, value) {
    this.text += `export const ${name}: u64 = 0x${BigInt(value).toString(16)};\n`;
  }

  data(name, values, type = "u16") {
    const most = type === "u8" ? 255 : type === "u16" ? 65535 : 2 ** 32 - 1;
    for (const value of values) {
      if (!Number.isInteger(value) || value < 0 || value > most) {
        throw new Error(`${name}: ${value} does not fit ${type}`);
      }
    }
    this.text += `export const ${name}: usize = memory.data<${type}>([${values.join(",")}]);\n`;
    this.text += `export const ${name}_SIZE: i32 = ${values.length};\n`;
  }

  /** Strings one after another, each prefixed with its length. */
  strings(name, list) {
    this.data(
      name,
      list.flatMap((text) => [text.length, ...units(text)]),
    );
    this.text += `export const ${name}_COUNT: i32 = ${list.length};\n`;
  }
}

const units = (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
/** A stable sort, longest first. */
const longestFirst = (rows, length) => [...rows].sort((a, b) => length(b) - length(a));
const maskOf = (names, all) =>
  names.reduce((mask, name) => mask | (1n << BigInt(all.indexOf(name))), 0n);

/** The words of all English tables, with their properties from each table. */
class Dictionary {
  ids = new Map();
  words = [];

  entry(text) {
    if (!this.ids.has(text)) {
      this.ids.set(text, this.words.length);
      this.words.push({ text, groups: [], opposites: [], different: [], flags: 0, person: 0 });
    }
    return this.words[this.ids.get(text)];
  }

  id(text) {
    this.entry(text);
    return this.ids.get(text);
  }

  write(out) {
    const lists = [];
    const listed = (values) => {
      const at = lists.length;
      lists.push(...values);
      return at;
    };
    const spellings = [];
    const rows = new Uint8Array(this.words.length * ENTRY_BYTES);
    const view = new DataView(rows.buffer);
    this.words.forEach((word, i) => {
      const at = i * ENTRY_BYTES;
      view.setUint16(at, spellings.length, true);
      spellings.push(...units(word.text));
      rows.set(
        [
          word.text.length,
          word.time ?? 0,
          word.unit ?? 0,
          word.number ?? 0,
          word.multiplier ?? 0,
          word.person,
        ],
        at + 2,
      );
      view.setUint16(at + 8, word.flags & 0xffff, true);
      rows.set([word.ordinal ?? 0, word.groups.length], at + 10);
      view.setUint16(at + 12, listed(word.groups), true);
      rows.set([word.opposites.length, word.different.length], at + 14);
      view.setUint16(at + 16, listed(word.opposites), true);
      view.setUint16(at + 18, listed(word.different), true);
      view.setUint16(at + 20, word.flags >>> 16, true);
      rows.set([word.mood ?? 0, word.relator ?? 0], at + 22);
      view.setUint16(at + 24, word.lemma ?? 0, true);
    });
    let slots = 1;
    while (slots < this.words.length * 2) slots *= 2;
    const table = new Array(slots).fill(0);
    this.words.forEach((word, i) => {
      let slot = hashOf(word.text) & (slots - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (slots - 1);
      table[slot] = i + 1;
    });
    out.data("SPELLINGS", spellings);
    out.data("ENTRIES", [...rows], "u8");
    out.data("SLOTS", table);
    out.data("LISTS", lists);
  }
}

function writeEnglish(out) {
  const tables = readSections("english.txt");
  const dictionary = new Dictionary();
  for (const [section, bit] of Object.entries(FLAGS)) {
    const words =
      section === "contractions"
        ? pairsOf(tables[section]).map(([word]) => word)
        : wordsOf(tables[section]);
    for (const word of words) dictionary.entry(word).flags |= bit;
  }
  for (const [word, value] of pairsOf(tables.numbers))
    dictionary.entry(word).number = 2 * Number(value) + 1;
  for (const [word, value] of pairsOf(tables.ordinals))
    dictionary.entry(word).ordinal = Number(value);
  const multipliers = pairsOf(tables.multipliers);
  multipliers.forEach(([word], i) => (dictionary.entry(word).multiplier = i + 1));
  tables.times.forEach((line, i) =>
    wordsOf([line]).forEach((word) => (dictionary.entry(word).time = i + 1)),
  );
  tables.units.forEach((line, i) =>
    wordsOf([line]).forEach((word) => (dictionary.entry(word).unit = i + 1)),
  );
  [...tables.synonyms, ...tables.abbreviations].forEach((line, i) =>
    wordsOf([line]).forEach((word) => dictionary.entry(word).groups.push(i)),
  );
  const joinPairs = (lines, list) => {
    for (const [a, b] of lines.map((line) => line.split(/\s+/))) {
      dictionary.entry(a)[list].push(dictionary.id(b));
      dictionary.entry(b)[list].push(dictionary.id(a));
    }
  };
  joinPairs(tables.antonyms, "opposites");
  joinPairs(tables["different words"], "different");
  const real = writeIrregular(tables, dictionary);
  const third = pairsOf(tables["third persons"], ":");
  third.forEach(([, words], i) =>
    wordsOf([words]).forEach((word) => (dictionary.entry(word).person |= 1 << i)),
  );
  const speakers = pairsOf(tables.speakers, ":");
  speakers.forEach(([, words], i) =>
    wordsOf([words]).forEach((word) => (dictionary.entry(word).person |= (i + 1) << 4)),
  );
  // A bit for each of six moods, and for each kind of reference.
  [...tables.modals, ...tables.references].forEach((line, i) =>
    wordsOf([line.slice(line.indexOf(":") + 1).trim()]).forEach(
      (word) => (dictionary.entry(word).mood = 1 << i),
    ),
  );
  wordsOf(tables.relators).forEach((word, i) => (dictionary.entry(word).relator = i + 1));

  const classes = [...new Set(pairsOf(tables.frames, ":").map(([name]) => name))];
  // A phrase with a leading ^ matches only at the beginning.
  const isAnchored = (phrase) => phrase[0].startsWith("^");
  const frames = [
    ...pairsOf(tables.frames, ":").map(([name, phrase]) => [
      wordsOf([phrase]),
      0x8000 | classes.indexOf(name),
    ]),
    ...pairsOf(tables["joined words"], ":").map(([word, phrase]) => [
      wordsOf([phrase]),
      dictionary.id(word),
    ]),
  ];
  const ids = (phrase) => [
    phrase.length | (isAnchored(phrase) ? 0x8000 : 0),
    ...phrase.map((word) => dictionary.id(word.replace("^", ""))),
  ];
  const rows = longestFirst(frames, ([phrase]) => phrase.length).flatMap(([phrase, result]) => [
    result,
    ...ids(phrase),
  ]);
  const fillers = tables["filler phrases"].flatMap((phrase) => ids(wordsOf([phrase])));
  const starts = wordsOf(tables["filler start"]).map((word) => dictionary.id(word));
  const ends = wordsOf(tables["filler end"]).map((word) => dictionary.id(word));
  // Words that the code itself looks up.
  const special = [
    "i",
    "a",
    "us",
    "who",
    "what",
    "do",
    "does",
    "did",
    "my",
    "our",
    "mine",
    "your",
    "from",
    "to",
    "into",
    "one",
    "st",
    "nd",
    "rd",
    "th",
    "am",
    "pm",
    "by",
    "it",
    "going",
    "if",
    "whether",
    "they",
    "and",
    "of",
    "the",
    "for",
    "few",
    "little",
  ];
  special.forEach((word) => dictionary.id(word));

  out.comment("English");
  dictionary.write(out);
  for (const word of special) out.number(`WORD_${word.toUpperCase()}`, dictionary.id(word));
  const expansions = pairsOf(tables.contractions);
  out.data(
    "CONTRACTIONS",
    expansions.map(([word]) => dictionary.id(word)),
  );
  out.strings(
    "EXPANSIONS",
    expansions.map(([, text]) => text),
  );
  out.data("FRAMES", rows);
  out.data("FILLERS", fillers);
  out.data("FILLER_STARTS", starts);
  out.data("FILLER_ENDS", ends);
  out.data(
    "MULTIPLIERS",
    multipliers.map(([, value]) => Number(value)),
    "u32",
  );
  classes.forEach((name, i) => out.number(`CLASS_${name.toUpperCase()}`, i));
  out.number("GENERAL_CLASSES", maskOf(wordsOf(tables["general classes"]), classes));
  out.number("DECISIVE_CLASSES", maskOf(wordsOf(tables["decisive classes"]), classes));
  out.number("CANONICAL_CLASSES", maskOf(wordsOf(tables["canonical classes"]), classes));
  for (const name of ["polar classes", "open classes", "classes of manner"]) {
    out.number(name.toUpperCase().replaceAll(" ", "_"), maskOf(wordsOf(tables[name]), classes));
  }
  // Relators are numbered from 1 on.
  for (const name of ["closing relators", "places", "firm particles", "loose particles"]) {
    const mask = maskOf(wordsOf(tables[name]), wordsOf(tables.relators));
    out.number(name.toUpperCase().replaceAll(" ", "_"), mask << 1n);
  }
  const moods = pairsOf(tables.modals, ":").map(([name]) => name);
  moods.forEach((name, i) => out.number(`MOOD_${name.toUpperCase()}`, 1 << i));
  out.number("MOODS", (1 << moods.length) - 1);
  const compatible = classes.map(() => 0);
  for (const line of tables["compatible classes"]) {
    const [a, b] = wordsOf([line]).map((name) => classes.indexOf(name));
    compatible[a] |= 1 << b;
    compatible[b] |= 1 << a;
  }
  out.data("COMPATIBLE", compatible, "u32");
  const unitNames = tables.units.map((line) => wordsOf([line])[0]);
  out.number("DURATIONS", maskOf(wordsOf(tables.durations), unitNames));
  out.number("ABBREVIATION_GROUPS", tables.synonyms.length);
  out.strings("ALIASES", pairsOf(tables.aliases).flat());
  out.data("FILTER", [...new Uint32Array(real.filter.buffer)], "u32");
  out.number("FILTER_PROBES", real.probes);
  out.number("TIME_AM", tables.times.length);
  out.number("TIME_PM", tables.times.length + 1);
  if (
    tables.times.length > 62 ||
    unitNames.length > 64 ||
    classes.length > 32 ||
    wordsOf(tables.relators).length > 30 ||
    tables.modals.length + tables.references.length > 8
  ) {
    throw new Error("a set no longer fits its bits");
  }
  out.strings("PREFIXES", wordsOf(tables["negative prefixes"]));
  out.strings("CANONICAL_ENDINGS", wordsOf(tables["canonical endings"]));
}

/** Adds the irregular forms; returns the filter of real words. */
function writeIrregular(tables, dictionary) {
  const own = (section) => tables[section].map((line) => line.split(/\s+/));
  const skip = new Set([...wordsOf(tables.auxiliaries), "be", "do", "have"]);
  const extra = ["synonyms", "antonyms", "different words", "light", "stop"].flatMap((section) =>
    wordsOf(tables[section]),
  );
  const words = buildWords({ skip, extra: extra.filter((word) => /^[a-z]+$/.test(word)) });
  const verbs = new Map([...own("irregular past"), ...words.verbs]);
  const nouns = new Map([...own("irregular"), ...words.nouns]);
  for (const [form, base] of [...nouns, ...verbs]) {
    dictionary.entry(form).lemma = dictionary.id(base) + 1;
  }
  for (const form of verbs.keys()) {
    if (!/(ing|es)$/.test(form)) dictionary.entry(form).flags |= PAST_FLAG;
  }
  writeForReference({ ...words, verbs: [...verbs], nouns: [...nouns] });
  return words;
}

function writeChinese(out) {
  const tables = readSections("chinese.txt");
  out.comment("Chinese");
  const traditional = wordsOf(tables.traditional).sort();
  out.data(
    "TRADITIONAL",
    traditional.map((pair) => pair.charCodeAt(0)),
  );
  out.data(
    "SIMPLIFIED",
    traditional.map((pair) => pair.charCodeAt(1)),
  );
  const phrases = pairsOf(tables.phrases).flatMap(([from, to]) =>
    wordsOf([from]).map((phrase) => [phrase, to]),
  );
  out.strings("ZH_PHRASES", longestFirst(phrases, ([phrase]) => phrase.length).flat());
  out.data(
    "ZH_STOP",
    units(tables.stop.join("")).sort((a, b) => a - b),
  );
  for (const name of ["light", "mood", "past", "future"]) {
    const characters = units(wordsOf(tables[name]).join(""));
    out.data(
      `ZH_${name.toUpperCase()}`,
      characters.sort((a, b) => a - b),
    );
  }
  out.strings("ZH_TIMELESS", wordsOf(tables.timeless));
  const questions = wordsOf(tables["question words"]);
  out.strings("ZH_QUESTIONS", questions);
  const kinds = pairsOf(tables["question kinds"], ":");
  out.data(
    "ZH_KINDS",
    kinds.map(([, words]) => Number(maskOf(wordsOf([words]), questions))),
    "u32",
  );
  for (const [name, word] of [
    ["HOW", "怎么"],
    ["HOW_DO", "怎么办"],
    ["HOW_IS", "怎么样"],
    ["WHAT", "什么"],
  ]) {
    out.number(`ZH_${name}`, maskOf([word], questions));
  }
  out.strings("ZH_TIMES", wordsOf(tables.times));
  out.strings("ZH_NOT_NEGATIVE", wordsOf(tables["not negative"]));
  const opposites = tables.antonyms.map((line) => wordsOf([line]));
  const sides = [...new Set(opposites.flat())];
  out.strings("ZH_OPPOSITES", sides);
  out.data(
    "ZH_ANTONYMS",
    opposites.flat().map((side) => sides.indexOf(side)),
  );
  out.strings("ZH_DIRECTIONS", wordsOf(tables.directions));
  const numerals = (lines) =>
    wordsOf(lines).map((pair) => [pair.charCodeAt(0), Number(pair.slice(2))]);
  out.data("ZH_DIGITS", numerals(tables.digits).flat());
  out.data("ZH_POWERS", numerals(tables.powers).flat(), "u32");
  out.data(
    "ZH_PERSONS",
    pairsOf(tables["third persons"], ":").flatMap(([, word]) => units(word)),
  );
  if (sides.length > 192 || wordsOf(tables.times).length > 64)
    throw new Error("a set no longer fits its bits");
}

/** The code points in `ranges`. */
function* points(...ranges) {
  for (const [first, last] of ranges) for (let c = first; c <= last; c++) yield c;
}

/** Ranges of code points `[first, last]`, one for each entry of a section of `characters.txt`. */
export function rangesOf(lines) {
  return wordsOf(lines).map((part) => {
    const [first, last = first] = part.split("-").map((point) => Number.parseInt(point, 16));
    return [first, last];
  });
}

/** NFKC of single characters and of letters with combining marks, as far as they occur in questions. */
function writeCharacters(out) {
  const folded = [];
  for (const c of points(
    [0xa0, 0xff],
    [0x2000, 0x209f],
    [0x2100, 0x2189],
    [0x2460, 0x24ff],
    [0x3000, 0x3000],
    [0xfb00, 0xfb06],
    [0xff01, 0xffee],
  )) {
    const result = String.fromCharCode(c).normalize("NFKC");
    if (result !== String.fromCharCode(c)) folded.push([c, result]);
  }
  out.comment("Characters");
  const known = Object.values(readSections("characters.txt")).flatMap(rangesOf);
  known.sort((a, b) => a[0] - b[0]);
  out.data("KNOWN", known.flat(), "u32");
  out.data(
    "FOLDED",
    folded.map(([c]) => c),
  );
  const starts = [];
  const results = [];
  for (const [, result] of folded) {
    starts.push(results.length);
    results.push(...units(result));
  }
  out.data("FOLDED_AT", [...starts, results.length]);
  out.data("FOLDED_TO", results);

  const composed = [];
  for (const base of points(
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0xc0, 0x24f],
    [0x1e00, 0x1eff],
    [0x3041, 0x30ff],
  )) {
    for (const mark of points([0x300, 0x327], [0x3099, 0x309a])) {
      const result = (String.fromCharCode(base) + String.fromCharCode(mark)).normalize("NFC");
      if (result.length === 1) composed.push([(base * 65536 + mark) >>> 0, result.charCodeAt(0)]);
    }
  }
  composed.sort((a, b) => a[0] - b[0]);
  out.data(
    "COMPOSED",
    composed.map(([key]) => key),
    "u32",
  );
  out.data(
    "COMPOSED_TO",
    composed.map(([, result]) => result),
  );

  const lower = [];
  for (const c of points([0xc0, 0x24f], [0x370, 0x52f], [0x1e00, 0x1eff])) {
    const result = String.fromCharCode(c).toLowerCase();
    if (result.length === 1 && result.charCodeAt(0) !== c) lower.push([c, result.charCodeAt(0)]);
  }
  out.data(
    "UPPER",
    lower.map(([c]) => c),
  );
  out.data(
    "LOWER",
    lower.map(([, result]) => result),
  );
}

/** Writes the file unless it is up to date. */
export function buildMatchTables() {
  const out = new Output();
  out.text = "// Made by scripts/tools/match-tables.mjs out of the tables beside it.\n";
  writeEnglish(out);
  writeChinese(out);
  writeCharacters(out);
  if (existsSync(OUTPUT) && readFileSync(OUTPUT, "utf8") === out.text) return;
  writeFileSync(OUTPUT, out.text);
}

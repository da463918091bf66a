import { Units } from "../text/units";
import * as data from "../tables/data";

/** No word of the tables. */
export const UNKNOWN: i32 = -1;

/** Flags of words in the tables. */
export namespace WordFlag {
  export const Stop: u32 = 1;
  export const Light: u32 = 2;
  export const Negation: u32 = 4;
  export const Direction: u32 = 8;
  export const Symmetric: u32 = 16;
  export const Particle: u32 = 32;
  export const Anaphor: u32 = 64;
  export const Continuation: u32 = 128;
  export const Ending: u32 = 256;
  export const Contraction: u32 = 512;
  /** A unit whose case is meaning. */
  export const CasedUnit: u32 = 1024;
  /** Another word with a capital. */
  export const CasedWord: u32 = 2048;
  export const Auxiliary: u32 = 1 << 16;
  export const PastAuxiliary: u32 = 1 << 17;
  /** A form of "be". */
  export const Be: u32 = 1 << 18;
  /** A preposition that is not exchanged for another. */
  export const Relator: u32 = 1 << 19;
  /** May begin a phrase at the beginning or at the end. */
  export const Leading: u32 = 1 << 20;
  export const Determiner: u32 = 1 << 21;
  export const Pronoun: u32 = 1 << 22;
  /** May be omitted between two nouns. */
  export const Compounding: u32 = 1 << 23;
  /** Belongs to a verb and may follow its object. */
  export const VerbParticle: u32 = 1 << 24;
  /** An irregular form of the past. */
  export const Past: u32 = 1 << 25;
  /** A form of "get", which makes the passive as "be" does. */
  export const Get: u32 = 1 << 26;
  /** A pronoun that is an object: "me". */
  export const Object: u32 = 1 << 27;
  /** Means the same with an infinitive and a gerund after it: "start". */
  export const FreeForm: u32 = 1 << 28;
}

/* An entry, 26 bytes: spelling at u16, length u8, time u8, unit u8, number u8, multiplier u8, person u8,
 * flags u16, ordinal u8, groups u8, groups at u16, opposites u8, different u8, opposites at u16,
 * different at u16, further flags u16, mood u8, relator u8, base u16. scripts/tools/match-tables.mjs writes it. */
const ENTRY_BYTES: usize = 26;

function entry(word: i32): usize {
  return data.ENTRIES + <usize>word * ENTRY_BYTES;
}

/** The word of the tables that is spelled as `[from, to)` of `text`, or `UNKNOWN`. */
export function findWord(text: Units, from: i32, to: i32): i32 {
  let hash: u32 = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = (hash ^ text.at(i)) * 0x01000193;
  const mask = <u32>data.SLOTS_SIZE - 1;
  // The table is at most half full: an empty slot ends the search.
  let slot = hash & mask;
  let word = wordIn(slot);
  while (word >= 0) {
    const at = entry(word);
    const length = <i32>load<u8>(at, 2);
    if (length == to - from) {
      if (text.hasStatic(from, data.SPELLINGS + ((<usize>load<u16>(at)) << 1), length)) return word;
    }
    slot = (slot + 1) & mask;
    word = wordIn(slot);
  }
  return UNKNOWN;
}

function wordIn(slot: u32): i32 {
  return <i32>load<u16>(data.SLOTS + ((<usize>slot) << 1)) - 1;
}

/** Appends the spelling of a word of the tables. */
export function spell(word: i32, out: Units): void {
  const at = entry(word);
  out.appendStatic(data.SPELLINGS + ((<usize>load<u16>(at)) << 1), <i32>load<u8>(at, 2));
}

/** All flags of a word. `UNKNOWN` has none. */
export function flagsOf(word: i32): u32 {
  if (word < 0) return 0;
  const at = entry(word);
  return (<u32>load<u16>(at, 8)) | ((<u32>load<u16>(at, 20)) << 16);
}

/** Whether any of `flags` is set on the word. `UNKNOWN` has none. */
export function hasFlag(word: i32, flags: u32): bool {
  return (flagsOf(word) & flags) != 0;
}

/** Number of the word's time value, counted from 1; 0 when it is none. */
export function timeOf(word: i32): i32 {
  return word < 0 ? 0 : <i32>load<u8>(entry(word), 3);
}

/** Number of the word's unit, counted from 1; 0 when it is none. */
export function unitOf(word: i32): i32 {
  return word < 0 ? 0 : <i32>load<u8>(entry(word), 4);
}

/** The value of a number word, or −1. */
export function numberOf(word: i32): f64 {
  const twice = word < 0 ? 0 : <i32>load<u8>(entry(word), 5);
  return twice == 0 ? -1 : <f64>(twice - 1) / 2;
}

/** What "thousand" and similar words multiply by; 0 when the word is none. */
export function multiplierOf(word: i32): f64 {
  const index = word < 0 ? 0 : <i32>load<u8>(entry(word), 6);
  return index == 0 ? 0 : <f64>load<u32>(data.MULTIPLIERS + ((<usize>(index - 1)) << 2));
}

/** The value of an ordinal, 0 when the word is none. */
export function ordinalOf(word: i32): i32 {
  return word < 0 ? 0 : <i32>load<u8>(entry(word), 10);
}

/** A bit for the third person that the word names, 0 when it names none. */
export function thirdPersonOf(word: i32): u32 {
  return word < 0 ? 0 : (<u32>load<u8>(entry(word), 7)) & 15;
}

/** 1 for the user, 2 for the assistant, 0 for nobody. */
export function speakerOf(word: i32): i32 {
  return word < 0 ? 0 : <i32>(load<u8>(entry(word), 7) >> 4);
}

/** Bits of the mood that the word gives a question, and of what it points at. */
export function moodOf(word: i32): u32 {
  return word < 0 ? 0 : <u32>load<u8>(entry(word), 22);
}

/** Number of the relator that the word is, counted from 1; 0 when it is none. */
export function relatorOf(word: i32): i32 {
  return word < 0 ? 0 : <i32>load<u8>(entry(word), 23);
}

/** The word that an irregular form belongs to ("won": "win"), or `UNKNOWN`. */
export function baseOf(word: i32): i32 {
  return word < 0 ? UNKNOWN : <i32>load<u16>(entry(word), 24) - 1;
}

/** Whether a word is one of grammar and no name even with a capital: "The". */
export function isNeverName(word: i32): bool {
  if (word == <i32>data.WORD_I || word == <i32>data.WORD_US) return true;
  return hasFlag(word, WordFlag.Determiner | WordFlag.Particle | WordFlag.Compounding);
}

/** The lowest synonym group of the word, or −1. */
export function firstGroup(word: i32): i32 {
  if (word < 0 || load<u8>(entry(word), 11) == 0) return -1;
  return <i32>load<u16>(data.LISTS + ((<usize>load<u16>(entry(word), 12)) << 1));
}

/** Whether two words share a synonym group of those from number `least` on. */
export function shareGroup(a: i32, b: i32, least: i32): bool {
  if (a < 0 || b < 0) return false;
  const countA = <i32>load<u8>(entry(a), 11);
  const countB = <i32>load<u8>(entry(b), 11);
  const listA = data.LISTS + ((<usize>load<u16>(entry(a), 12)) << 1);
  const listB = data.LISTS + ((<usize>load<u16>(entry(b), 12)) << 1);
  for (let i = 0; i < countA; i++) {
    const group = load<u16>(listA + ((<usize>i) << 1));
    if (<i32>group < least) continue;
    for (let j = 0; j < countB; j++) {
      if (load<u16>(listB + ((<usize>j) << 1)) == group) return true;
    }
  }
  return false;
}

/** Whether two words are listed as opposites. */
export function areOpposites(a: i32, b: i32): bool {
  return isListed(a, b, 14, 16);
}

/** Whether two words are listed as words that only look alike. */
export function areDifferent(a: i32, b: i32): bool {
  return isListed(a, b, 15, 18);
}

function isListed(a: i32, b: i32, countAt: usize, listAt: usize): bool {
  if (a < 0 || b < 0) return false;
  const at = entry(a);
  const list = data.LISTS + ((<usize>load<u16>(at + listAt)) << 1);
  for (let i = 0, n = <i32>load<u8>(at + countAt); i < n; i++) {
    if (<i32>load<u16>(list + ((<usize>i) << 1)) == b) return true;
  }
  return false;
}

/** Appends the expansion of a contraction. */
export function expandContraction(word: i32, out: Units): void {
  let at = data.EXPANSIONS;
  for (let i = 0; i < data.CONTRACTIONS_SIZE; i++) {
    const length = <i32>load<u16>(at);
    if (<i32>load<u16>(data.CONTRACTIONS + ((<usize>i) << 1)) == word) {
      out.appendStatic(at + 2, length);
      return;
    }
    at += (<usize>length + 1) << 1;
  }
}

/**
 * Whether the filter of real words holds `[from, to)` of `text`; of other texts it holds a few in a
 * hundred.
 */
export function isInFilter(text: Units, from: i32, to: i32): bool {
  let hash: u32 = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = (hash ^ text.at(i)) * 0x01000193;
  const step = (((hash >> 15) | (hash << 17)) * 0x9e3779b1) | 1;
  const bits = (<u32>data.FILTER_SIZE) << 5;
  for (let i: u32 = 0; i < <u32>data.FILTER_PROBES; i++) {
    const at = (hash + i * step) % bits;
    if (((load<u8>(data.FILTER + <usize>(at >> 3)) >> (at & 7)) & 1) == 0) return false;
  }
  return true;
}

/**
 * Whether a question is English. Others in Latin letters have its short words in senses of their own ("of" is "or" in
 * Dutch, "a" is "to" in Italian), so that none of them may be left out there.
 */
import { Units } from "../text/units";
import { TokenList } from "./token-list";

/** Words that hardly any other language has. */
const OWN: StaticArray<u64> = hashesOf(
  "the what how why when where which who whose whom does did could would should my your you with from this that " +
    "these those there their they and its have about between into because without before write tell explain " +
    "describe create translate generate make need",
);
/** First words of questions … */
const FIRST: StaticArray<u64> = hashesOf("is are can do may");
/** … that are English with one of these. */
const BESIDE: StaticArray<u64> = hashesOf("i an for to it be");

const JOINING: StaticArray<u64> = hashesOf("and or");
const ASKING: StaticArray<u64> = hashesOf("what how why when where which who whose");

/** Whether tokens, before frames are folded, are English. */
export function isEnglish(tokens: TokenList): bool {
  let isBegun: bool = false;
  for (let i = 0; i < tokens.length; i++) {
    const hash = tokens.spelling.hash(tokens.start(i), tokens.end(i));
    if (has(OWN, hash) || (isBegun && has(BESIDE, hash))) return true;
    if (i == 0) isBegun = has(FIRST, hash);
  }
  return false;
}

/** How often a further question is asked: "who wrote it and when". */
export function furtherQuestions(tokens: TokenList): u8 {
  let count = 0;
  let isJoined: bool = false;
  for (let i = 0; i < tokens.length; i++) {
    const hash = tokens.spelling.hash(tokens.start(i), tokens.end(i));
    if (isJoined && has(ASKING, hash)) count++;
    isJoined = has(JOINING, hash);
  }
  return <u8>min(count, 255);
}

/** A hash of all tokens in order. */
export function hashOf(tokens: TokenList): u64 {
  let hash = <u64>tokens.length;
  for (let i = 0; i < tokens.length; i++) {
    hash = hash * 0x9e3779b97f4a7c15 + tokens.spelling.hash(tokens.start(i), tokens.end(i));
  }
  return hash;
}

function has(list: StaticArray<u64>, hash: u64): bool {
  for (let i = 0; i < list.length; i++) {
    if (list[i] == hash) return true;
  }
  return false;
}

function hashesOf(words: string): StaticArray<u64> {
  const list = words.split(" ");
  const hashes = new StaticArray<u64>(list.length);
  const word = new Units(32);
  for (let i = 0; i < list.length; i++) {
    word.clear();
    for (let j = 0; j < list[i].length; j++) word.push(list[i].charCodeAt(j));
    hashes[i] = word.hash(0, word.length);
  }
  return hashes;
}

/**
 * Whether a question is English. Others in Latin letters have its short words in senses of their own ("of" is "or" in
 * Dutch, "a" is "to" in Italian), so that none of them may be left out there.
 */
import { Units } from "../text/units";
import { TokenList } from "./token-list";

/** Words that hardly any other language has. */
const OWN: StaticArray<u64> = hashesOf(
  "the what how why when where which who whose whom does did could would should your you with from this that " +
    "those there their they and its about between into because without before write tell explain translate",
);
/** First words that are English with one of these behind them … */
const FIRST: StaticArray<u64> = hashesOf("is are can may make create generate describe");
const BEHIND: StaticArray<u64> = hashesOf("for to it be");
/** … or with this next to them, which is a word of Romanian elsewhere. */
const AN: StaticArray<u64> = hashesOf("an");
/** Beginnings of questions about oneself: "can I"; "do I" only with a verb, because both are words of Polish. */
const MAY: StaticArray<u64> = hashesOf("can may");
const DO: StaticArray<u64> = hashesOf("do");
const SELF: StaticArray<u64> = hashesOf("i");
const DUTY: StaticArray<u64> = hashesOf("need have");

const JOINING: StaticArray<u64> = hashesOf("and or");
const ASKING: StaticArray<u64> = hashesOf("what how why when where which who whose");

/** Whether tokens, before frames are folded, are English. */
export function isEnglish(tokens: TokenList): bool {
  const isBegun = isIn(FIRST, tokens, 0);
  if (isBegun && isIn(AN, tokens, 1)) return true;
  if (isIn(SELF, tokens, 1)) {
    if (isIn(MAY, tokens, 0) || (isIn(DO, tokens, 0) && isIn(DUTY, tokens, 2))) return true;
  }
  for (let i = 0; i < tokens.length; i++) {
    if (isIn(OWN, tokens, i) || (isBegun && i > 0 && isIn(BEHIND, tokens, i))) return true;
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

/** Whether the token at `i` is in `list`; false beyond the end. */
function isIn(list: StaticArray<u64>, tokens: TokenList, i: i32): bool {
  return i < tokens.length && has(list, tokens.spelling.hash(tokens.start(i), tokens.end(i)));
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

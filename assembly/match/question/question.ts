/*
 * A parsed question: one block of memory without references, so that an index may keep many outside
 * of the garbage collector's sight.
 *
 *   Question | features i8 × 64 | numbers u64 … | literals u64 … | names u64 … | tokens … | text u32 …
 *
 * In English `names` are hashes of the tokens that look like names, a token is a `Token` of 32 bytes and `text` holds
 * the tokens' spellings. In Chinese `names` are hashes of the Latin tokens, a token is a u32 (a character or
 * the hash of a Latin token or number, and whether it is asked for) and `text` is the folded text.
 */

/** Texts with more tokens are documents, which are not matched semantically. */
export const MAX_TOKENS: i32 = 256;

/** The head of a parsed question. */
@unmanaged
export class Question {
  /** Bytes of the whole block. */
  size: u32 = 0;
  chinese: bool = false;
  /** Whether an English turn can be understood without the turns before it. */
  standalone: bool = false;
  /** Bits of the third persons named. */
  thirdPersons: u8 = 0;
  /** Whom it asks about right after an auxiliary: bit 0 the user, bit 1 the assistant. */
  askedSpeakers: u8 = 0;
  /** Bit 0: "few" or "little"; bit 1: "a few" or "a little". */
  quantities: u8 = 0;
  /** Chinese: whether it asks how often: 多久…一次. */
  asksOften: bool = false;
  /** The persons in the order in which each comes first, three bits for each: `persons.ts`. */
  personOrder: u16 = 0;
  /** "who killed X": 1, "who did X kill": 2, else 0. */
  subjectRole: u8 = 0;
  /** Whether every character is accounted for; else only equal texts match. */
  isExplained: bool = false;
  /** Whether it is about the past. */
  past: bool = false;
  /** Whether it is a yes-or-no question. */
  polar: bool = false;
  /** Whether it has a form of "be". */
  hasBe: bool = false;
  /** Whether "they" is nobody in particular: "when did they build it". */
  anybody: bool = false;
  /** Chinese: 1 for the past, 2 for the future, else 0. */
  tense: u8 = 0;
  /** Chinese: whether it asks whose, or of what, something is: 什么的首都. */
  asksOwner: bool = false;
  /** Whether it has words that hardly another language has; else of Latin letters, whatever its language. */
  isEnglish: bool = false;
  /** English: further questions behind "and" or "or". */
  furtherQuestions: u8 = 0;
  /** Persons named outside frames: 1 the user, 2 the assistant, 3 both. */
  speakers: u8 = 0;
  /** Bits of "can" and "should" after the first word, in frames too: "how could I". */
  innerMoods: u8 = 0;
  negations: u16 = 0;
  /** English: bits of the question classes. Chinese: of the question words. */
  classes: u32 = 0;
  /** English: content words. Chinese: compared characters. */
  contentCount: u16 = 0;
  numberCount: u16 = 0;
  literalCount: u16 = 0;
  nameCount: u16 = 0;
  tokenCount: u16 = 0;
  /** English: bits of the moods that the question has, and of what it points at. Chinese: of `Trait`. */
  moods: u16 = 0;
  textLength: u32 = 0;
  times: u64 = 0;
  units: u64 = 0;
  /** Units that a number has. */
  measured: u64 = 0;
  operators: u64 = 0;
  /** Not Chinese: a hash of all its words in order, short ones included. */
  plainHash: u64 = 0;
  /** Chinese: bits of the strings with an opposite that the text holds. */
  sides0: u64 = 0;
  sides1: u64 = 0;
  sides2: u64 = 0;
}

/** What a token of an English question is. */
export namespace TokenFlag {
  /** A question frame; `word` is its class. */
  export const Frame: u16 = 1;
  /** Neither frame nor value. */
  export const Rest: u16 = 2;
  export const Content: u16 = 4;
  /** Looks like a name. */
  export const Name: u16 = 8;
  /** The stem has a `y` in place of what was cut off. */
  export const StemY: u16 = 16;
  /** The tables list the stem for the word. */
  export const StemIsBase: u16 = 32;
  /** The tables list the stem with an `e` for the word. */
  export const StemEIsBase: u16 = 64;
  /** Ends in -ing, -ings or -ed. */
  export const VerbEnding: u16 = 128;
  /** Ends in an `e` when every final `s` is taken off. */
  export const FinalE: u16 = 256;
  /** Ends in -es. */
  export const FinalEs: u16 = 512;
  /** Before a possessive: "wife" in "my wife's boss". */
  export const Owner: u16 = 1024;
  /** Preceded by punctuation. */
  export const Mark: u16 = 2048;
  /** A past form without auxiliary: "painted". */
  export const PastForm: u16 = 4096;
  /** A number, time or unit; `stemHash` is its value. */
  export const Value: u16 = 8192;
  /** Ends in -ing. */
  export const Gerund: u16 = 16384;
  /** The form with an `e` is the word without its `s`: "movies". */
  export const DropsS: u16 = 32768;
}

/** A token of an English question. */
@unmanaged
export class Token {
  /** XXH64 of the spelling. */
  hash: u64 = 0;
  /** XXH64 of the stem. */
  stemHash: u64 = 0;
  /** Where the spelling begins in the text. */
  from: u16 = 0;
  length: u16 = 0;
  /** Length of the stem in the spelling, without the `y`. */
  stemLength: u16 = 0;
  flags: u16 = 0;
  /** Word of the tables, or class of a frame; −1 for any other word. */
  word: i16 = 0;
  /** The stem and the stem with `e` as words of the tables; −1 when they are none or no bases. */
  stemWord: i16 = 0;
  stemEWord: i16 = 0;
  /** Number of the word among both questions, set for a comparison. */
  symbol: u16 = 0;
}

/** Dimensions of the features of a whole text. */
export const FEATURES: i32 = 64;

const QUESTION_BYTES: usize = offsetof<Question>();
const HEAD_BYTES: usize = QUESTION_BYTES + <usize>FEATURES;
/** Bytes of an English token. */
const TOKEN_BYTES: usize = offsetof<Token>();
/** Bytes of a Chinese item. */
const ITEM_BYTES: usize = 4;

/** Bytes of a question with so many parts. */
export function questionSize(hashes: i32, tokens: i32, textLength: i32, chinese: bool): i32 {
  const token = <i32>(chinese ? ITEM_BYTES : TOKEN_BYTES);
  return <i32>HEAD_BYTES + hashes * 8 + tokens * token + textLength * 4;
}

/** Address of the features, a byte each. */
export function featuresOf(q: Question): usize {
  return changetype<usize>(q) + QUESTION_BYTES;
}

/** Addresses of the parts. */
export function numbersOf(q: Question): usize {
  return changetype<usize>(q) + HEAD_BYTES;
}

export function literalsOf(q: Question): usize {
  return numbersOf(q) + ((<usize>q.numberCount) << 3);
}

export function namesOf(q: Question): usize {
  return literalsOf(q) + ((<usize>q.literalCount) << 3);
}

function tokensOf(q: Question): usize {
  return namesOf(q) + ((<usize>q.nameCount) << 3);
}

/** Token `index` of an English question, which must exist. */
export function tokenOf(q: Question, index: i32): Token {
  return changetype<Token>(tokensOf(q) + <usize>index * TOKEN_BYTES);
}

/** Address of the items of a Chinese question. */
export function itemsOf(q: Question): usize {
  return tokensOf(q);
}

/** Address of the text. */
export function textOf(q: Question): usize {
  return tokensOf(q) + <usize>q.tokenCount * (q.chinese ? ITEM_BYTES : TOKEN_BYTES);
}

/** Whether `hash` is among the names. */
export function hasName(q: Question, hash: u64): bool {
  const list = namesOf(q);
  for (let i: usize = 0, n = <usize>q.nameCount; i < n; i++) {
    if (load<u64>(list + (i << 3)) == hash) return true;
  }
  return false;
}

/** Whether two lists of hashes are the same. */
export function sameHashes(a: usize, countA: u16, b: usize, countB: u16): bool {
  return countA == countB && memory.compare(a, b, (<usize>countA) << 3) == 0;
}

/** Whether the negations differ in parity, or are on one side only. */
export function negationsDiffer(a: Question, b: Question): bool {
  const parity = ((a.negations ^ b.negations) & 1) != 0;
  return parity || a.negations > 0 != b.negations > 0;
}

import { Comparison, Veto } from "../question/comparison";
import { arePersonsTurned } from "../question/persons";
import {
  literalsOf,
  MAX_TOKENS,
  negationsDiffer,
  numbersOf,
  Question,
  sameHashes,
  Token,
  TokenFlag,
  tokenOf,
} from "../question/question";
import * as data from "../tables/data";
import { hasFlag, WordFlag } from "../words/dictionary";
import { Alignment, LeftOver } from "./align";
import { formDiffers, referencesDiffer, speakersDiffer, tenseDiffers } from "./grammar";
import { infinitiveDiffers } from "./infinitive";
import { Movement } from "./movement";
import { OrderGuard } from "./order";
import { areAntonyms } from "./relations";
import { relatorsDiffer } from "./relators";
import { voiceDiffers } from "./voice";

/** With fewer items there is too little to compare: the raw words must overlap as well. */
const FEW_ITEMS: i32 = 3;
/** Bit of the third persons of more than one. */
const PLURAL: u8 = 4;

const alignment: Alignment = new Alignment();
const order: OrderGuard = new OrderGuard(alignment);
const movement: Movement = new Movement(alignment);
let seen: StaticArray<u8> = new StaticArray<u8>(2 * MAX_TOKENS);

/** The alignment of the last comparison, for explanations. */
export function lastAlignment(): Alignment {
  return alignment;
}

/** Compares two English questions. */
export function compareEnglish(a: Question, b: Question, out: Comparison): void {
  out.reset(false);
  compareValues(a, b, out);
  const left = alignment.left[0];
  const right = alignment.left[1];
  if (!alignment.align(a, b)) {
    out.vetoes |= Veto.Length;
    out.leftA = left.count;
    out.leftB = right.count;
    return;
  }
  if (hasAntonyms(a, b, left, right)) out.vetoes |= Veto.Antonym;
  if (hasLeftName(a, left) || hasLeftName(b, right)) out.vetoes |= Veto.Entity;
  // Light words may be left over on one side only: "in the city", "in the country" are two questions.
  const excuse = !(left.hasLight(a) && right.hasLight(b));
  out.leftA = countLeft(a, left, excuse);
  out.leftB = countLeft(b, right, excuse);
  // With unmatched words, the order of the others says little.
  const isExplained = out.leftA == 0 && out.leftB == 0;
  const isMoved =
    isExplained &&
    (movement.fires() ||
      relatorsDiffer(a, b) ||
      voiceDiffers(alignment) ||
      infinitiveDiffers(alignment));
  if (isMoved || order.fires()) out.vetoes |= Veto.Order;
  // Nothing is known of the words that were left out.
  const isForeign = !a.isEnglish && !b.isEnglish;
  if (isExplained && isForeign && a.plainHash != b.plainHash) out.vetoes |= Veto.Language;
  const asksMore = a.furtherQuestions != b.furtherQuestions;
  if (asksMore || classesDiffer(a.classes, b.classes) || rolesExclude(a, b) || formDiffers(a, b)) {
    out.vetoes |= Veto.QuestionType;
  }
  if (isTooShort(a, b)) out.vetoes |= Veto.Short;
  const samePersons =
    !ownersDiffer(a, b) && !personsDiffer(a, b) && !referencesDiffer(a, b) && !speakersDiffer(a, b);
  if (!samePersons) out.vetoes |= Veto.Person;
  out.matched = alignment.pairs;
  out.size = max(1, max(<i32>a.contentCount, <i32>b.contentCount));
}

function compareValues(a: Question, b: Question, out: Comparison): void {
  if (
    !sameHashes(numbersOf(a), a.numberCount, numbersOf(b), b.numberCount) ||
    areDifferent(a.quantities, b.quantities)
  ) {
    out.vetoes |= Veto.Number;
  }
  if (a.times != b.times) out.vetoes |= Veto.Time;
  if (a.measured != b.measured) out.vetoes |= Veto.Unit;
  if (tenseDiffers(a, b)) out.vetoes |= Veto.Tense;
  if (a.units != b.units) {
    const decides = a.numberCount > 0 || b.numberCount > 0 || (a.units != 0 && b.units != 0);
    if (decides || ((a.units ^ b.units) & ~(<u64>data.DURATIONS)) != 0) out.vetoes |= Veto.Unit;
  }
  if (negationsDiffer(a, b)) out.vetoes |= Veto.Negation;
  if (!sameHashes(literalsOf(a), a.literalCount, literalsOf(b), b.literalCount)) {
    out.vetoes |= Veto.Literal;
  }
  if (a.operators != b.operators) out.vetoes |= Veto.Operator;
}

/** Whether both sides have bits, and others. */
function areDifferent(a: u8, b: u8): bool {
  return a != 0 && b != 0 && a != b;
}

/** Whether a left-over word or a particle of one side is the opposite of one of the other. */
function hasAntonyms(a: Question, b: Question, left: LeftOver, right: LeftOver): bool {
  for (let i = 0; i < left.count; i++) {
    if (hasAntonymAmong(a, left.at(i), b, right)) return true;
  }
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    if (isParticle(tokenOf(a, i)) && hasAntonymAmong(a, i, b, right)) return true;
  }
  return false;
}

function hasAntonymAmong(a: Question, index: i32, b: Question, right: LeftOver): bool {
  if (isRest(b, tokenOf(a, index).symbol)) return false;
  for (let j = 0; j < right.count; j++) {
    if (areOpposed(a, index, b, right.at(j))) return true;
  }
  for (let j = 0; j < <i32>b.tokenCount; j++) {
    if (isParticle(tokenOf(b, j)) && areOpposed(a, index, b, j)) return true;
  }
  return false;
}

function areOpposed(a: Question, i: i32, b: Question, j: i32): bool {
  if (isRest(a, tokenOf(b, j).symbol)) return false;
  return areAntonyms(alignment.first(a, i), alignment.second(b, j));
}

function isParticle(token: Token): bool {
  return (token.flags & TokenFlag.Rest) != 0 && hasFlag(<i32>token.word, WordFlag.Particle);
}

/** Whether a word is among those of a side that are neither frame nor value. */
function isRest(q: Question, symbol: u16): bool {
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if (token.symbol == symbol && (token.flags & TokenFlag.Rest) != 0) return true;
  }
  return false;
}

function hasLeftName(q: Question, left: LeftOver): bool {
  for (let i = 0; i < left.count; i++) {
    if ((tokenOf(q, left.at(i)).flags & TokenFlag.Name) != 0) return true;
  }
  return false;
}

/** Words left over that are not excused. */
function countLeft(q: Question, left: LeftOver, excuse: bool): i32 {
  let count = 0;
  for (let i = 0; i < left.count; i++) {
    if (!isExcused(q, left.at(i), excuse)) count++;
  }
  return count;
}

/** Whether a token left over is a light word that may be left over. */
export function isExcused(q: Question, index: i32, excuse: bool): bool {
  const word = alignment.first(q, index);
  return excuse && hasFlag(word.word, WordFlag.Light) && !alignment.isName(word);
}

/** Whether two sets of question classes cannot ask the same. */
function classesDiffer(a: u32, b: u32): bool {
  const general = <u32>data.GENERAL_CLASSES;
  const specialA = a & ~general;
  const specialB = b & ~general;
  if (specialA != 0 && specialB != 0) {
    if (!areCompatible(specialA, specialB)) return true;
  } else if (a != 0 && b != 0 && !areCompatible(a, b)) {
    return true;
  }
  return ((a ^ b) & (<u32>data.DECISIVE_CLASSES)) != 0;
}

function areCompatible(a: u32, b: u32): bool {
  if ((a & b) != 0) return true;
  for (let i = 0; i < data.COMPATIBLE_SIZE; i++) {
    if ((a & (1 << i)) != 0 && (load<u32>(data.COMPATIBLE + ((<usize>i) << 2)) & b) != 0)
      return true;
  }
  return false;
}

/** "who killed X", "who did X kill". */
function rolesExclude(a: Question, b: Question): bool {
  return a.subjectRole != 0 && b.subjectRole != 0 && a.subjectRole != b.subjectRole;
}

function itemsOf(q: Question): i32 {
  return (
    <i32>q.contentCount + <i32>q.numberCount + <i32>popcnt<u64>(q.times) + <i32>popcnt<u64>(q.units)
  );
}

function isTooShort(a: Question, b: Question): bool {
  const least = min(itemsOf(a), itemsOf(b));
  if (least >= FEW_ITEMS) return false;
  let union = 0;
  let shared = 0;
  for (let i = 0; i < alignment.symbolCount; i++) unchecked((seen[i] = 0));
  // Words that explain each other count as the same.
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    unchecked((seen[alignment.paired(<i32>tokenOf(a, i).symbol)] |= 1));
  }
  for (let i = 0; i < <i32>b.tokenCount; i++) unchecked((seen[tokenOf(b, i).symbol] |= 2));
  for (let i = 0; i < alignment.symbolCount; i++) {
    if (unchecked(seen[i]) != 0) union++;
    if (unchecked(seen[i]) == 3) shared++;
  }
  if (least == 0) return shared != union;
  // "Where do you renew a passport" is anybody, "where do you work" is not.
  if (least == 1 && areDifferent(a.askedSpeakers, b.askedSpeakers)) return true;
  if (least == 1) return a.classes != b.classes || shared * 2 < max(1, union);
  return shared * 4 < max(1, union);
}

/** `my name`, `your name`: the same noun owned by different persons. */
function ownersDiffer(a: Question, b: Question): bool {
  for (let i = 0; i + 1 < <i32>a.tokenCount; i++) {
    const owner = ownerAt(a, i);
    if (owner == 0) continue;
    for (let j = i + 1; j < min(i + 3, <i32>a.tokenCount); j++) {
      const noun = tokenOf(a, j);
      if (!isContent(a, noun)) continue;
      const first = ownerOf(a, noun.stemHash);
      const other = ownerOf(b, noun.stemHash);
      if (other != 0 && other != first) return true;
    }
  }
  return false;
}

/** 1 for "my" and its like, 2 for "your", else 0. */
function ownerAt(q: Question, index: i32): i32 {
  const token = tokenOf(q, index);
  if ((token.flags & TokenFlag.Frame) != 0) return 0;
  const word = <i32>token.word;
  if (word == <i32>data.WORD_YOUR) return 2;
  const isMine =
    word == <i32>data.WORD_MY || word == <i32>data.WORD_OUR || word == <i32>data.WORD_MINE;
  return isMine ? 1 : 0;
}

/** The first owner of the noun with that stem, 0 when it has none. */
function ownerOf(q: Question, stemHash: u64): i32 {
  for (let i = 0; i + 1 < <i32>q.tokenCount; i++) {
    const owner = ownerAt(q, i);
    if (owner == 0) continue;
    for (let j = i + 1; j < min(i + 3, <i32>q.tokenCount); j++) {
      const noun = tokenOf(q, j);
      if (noun.stemHash == stemHash && isContent(q, noun)) return owner;
    }
  }
  return 0;
}

/** Whether the word is a content word anywhere in the question. */
function isContent(q: Question, noun: Token): bool {
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if (token.symbol == noun.symbol && (token.flags & TokenFlag.Content) != 0) return true;
  }
  return false;
}

/** Whether "they" is nobody in particular on one side, and the other side does without persons. */
function isAnybody(q: Question, other: Question): bool {
  return q.anybody && other.hasBe && other.speakers == 0;
}

/** `is he`, `is she`; `do you owe me`, `do I owe you`. */
function personsDiffer(a: Question, b: Question): bool {
  const others = a.thirdPersons ^ b.thirdPersons;
  // "When did they build it" is "when was it built".
  const isPlural = others == PLURAL && (isAnybody(a, b) || isAnybody(b, a));
  if (others != 0 && !isPlural) return true;
  return arePersonsTurned(a.personOrder, b.personOrder);
}

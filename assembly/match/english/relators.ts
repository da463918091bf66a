/**
 * Which words are related to which. Two questions of the same words differ when each has a preposition that
 * the other lacks, when only one has the particle that makes another verb of a verb, and when a preposition
 * has another pronoun after it.
 */
import { Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, relatorOf, speakerOf, thirdPersonOf, WordFlag } from "../words/dictionary";
import { isWord } from "./tokens";

/**
 * "Lost to", "lost by"; or one ends in a relation: "lose to", "lose"; or has a particle: "make up a story",
 * "make a story"; or is about another person.
 */
export function relatorsDiffer(a: Question, b: Question): bool {
  const inA = relatorsOf(a);
  const inB = relatorsOf(b);
  if ((inA & ~inB) != 0 && (inB & ~inA) != 0) return true;
  if (firmParticles(a) != firmParticles(b)) return true;
  if (((looseParticles(a) & ~inB) | (looseParticles(b) & ~inA)) != 0) return true;
  if (hasMovedObject(a, b) || hasMovedObject(b, a)) return true;
  if (negatedInfinitives(a) != negatedInfinitives(b)) return true;
  const lastA = lastRelator(a);
  const lastB = lastRelator(b);
  if (lastA == lastB || isBy(a, lastA) || isBy(b, lastB)) return false;
  return (inB & lastA) == 0 || (inA & lastB) == 0;
}

/** How many negations are next to "to": "forget to not remember". */
function negatedInfinitives(q: Question): i32 {
  let count = 0;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    if (isWord(q, i, WordFlag.Negation) && (isTo(q, i - 1) || isTo(q, i + 1))) count++;
  }
  return count;
}

/** Whether token `index` is there and is "to". */
export function isTo(q: Question, index: i32): bool {
  if (index < 0 || index >= <i32>q.tokenCount) return false;
  const token = tokenOf(q, index);
  return (token.flags & TokenFlag.Frame) == 0 && <i32>token.word == <i32>data.WORD_TO;
}

/** Bits of the relations. "In", "on" and "at" before a name or a value are all of them. */
function relatorsOf(q: Question): u32 {
  let found: u32 = 0;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const relator = relatorAt(q, i);
    found |= relator;
    if ((relator & (<u32>data.PLACES)) != 0 && leadsName(q, i)) found |= <u32>data.PLACES;
  }
  return found;
}

/** The bit of the relation that a token is, 0 when it is none. */
function relatorAt(q: Question, index: i32): u32 {
  const token = tokenOf(q, index);
  if ((token.flags & TokenFlag.Frame) != 0) return 0;
  const relator = relatorOf(<i32>token.word);
  return relator == 0 ? 0 : (<u32>1) << (<u32>relator);
}

/** Whether a name or a value follows a token, apart from determiners. */
function leadsName(q: Question, index: i32): bool {
  for (let i = index + 1; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Frame) != 0) return false;
    if ((token.flags & (TokenFlag.Name | TokenFlag.Value)) != 0) return true;
    if (!hasFlag(<i32>token.word, WordFlag.Determiner)) return false;
  }
  return false;
}

/** Bits of the particles. Where both words are light the verb is no other: "find out". */
function firmParticles(q: Question): u32 {
  let found: u32 = 0;
  let isLight: bool = false;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const wasLight: bool = isLight;
    isLight = isWord(q, i, WordFlag.Light);
    if (!wasLight || !isLight) found |= relatorAt(q, i) & (<u32>data.FIRM_PARTICLES);
  }
  return found;
}

/**
 * Bits of the particles that are prepositions too: as the last word ("carry on"), and after a verb ("break in
 * shoes"), not before a name or a value.
 */
function looseParticles(q: Question): u32 {
  let found: u32 = 0;
  const last = <i32>q.tokenCount - 1;
  for (let i = 1; i <= last; i++) {
    const particle = relatorAt(q, i) & (<u32>data.LOOSE_PARTICLES);
    if (particle == 0) continue;
    if (i == last || (isAction(q, i - 1) && !leadsName(q, i))) found |= particle;
  }
  return found;
}

/** Whether a word is the verb after "how do I", "can I" and their like, "to" or a subject. */
function isAction(q: Question, index: i32): bool {
  if (index == 0) return false;
  const verb = tokenOf(q, index);
  if ((verb.flags & TokenFlag.Frame) != 0 || hasFlag(<i32>verb.word, WordFlag.Stop)) return false;
  const before = tokenOf(q, index - 1);
  if ((before.flags & TokenFlag.Frame) != 0) {
    const asking = <u32>(data.CLASSES_OF_MANNER | data.POLAR_CLASSES);
    return ((asking >> (<u32>before.word)) & 1) != 0;
  }
  return isTo(q, index - 1) || hasFlag(<i32>before.word, WordFlag.Pronoun);
}

/**
 * "Send it to me", "send me to it"; "tell her about me", "tell me about her": a relation of `a` has a pronoun
 * after it that it lacks in `b`. "To me" and "for me" may be omitted, but not with the pronoun in another
 * place.
 */
function hasMovedObject(a: Question, b: Question): bool {
  for (let i = 0; i + 1 < <i32>a.tokenCount; i++) {
    const relator = relatorAt(a, i);
    if (relator == 0) continue;
    const object = objectAt(a, i + 1);
    if (object != 0 && lacksObject(b, relator, object, canBeOmitted(a, i))) return true;
  }
  return false;
}

function canBeOmitted(q: Question, index: i32): bool {
  const word = <i32>tokenOf(q, index).word;
  return word == <i32>data.WORD_TO || word == <i32>data.WORD_FOR;
}

function lacksObject(q: Question, relator: u32, object: i32, isOptional: bool): bool {
  let isRelated: bool = false;
  let isNamed: bool = false;
  let isReplaced: bool = false;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    if (objectAt(q, i) == object) isNamed = true;
    if (relatorAt(q, i) != relator) continue;
    isRelated = true;
    const other = objectAt(q, i + 1);
    if (other == object) return false;
    if (other != 0) isReplaced = true;
  }
  return !isOptional || isReplaced || (isRelated && isNamed);
}

/** Whom an object pronoun names, 0 for other words and out of range. */
function objectAt(q: Question, index: i32): i32 {
  if (index >= <i32>q.tokenCount || !isWord(q, index, WordFlag.Object)) return 0;
  const word = <i32>tokenOf(q, index).word;
  return 1 + <i32>thirdPersonOf(word) + (speakerOf(word) << 4);
}

/** The bit of the closing relator that is the last word, 0 when it is none. */
function lastRelator(q: Question): u32 {
  return q.tokenCount == 0 ? 0 : relatorAt(q, <i32>q.tokenCount - 1) & (<u32>data.CLOSING_RELATORS);
}

function isBy(q: Question, relator: u32): bool {
  return relator != 0 && tokenOf(q, <i32>q.tokenCount - 1).word == <i16>data.WORD_BY;
}

/**
 * Which words are related to which. Two questions of the same words differ when each has a preposition that
 * the other lacks, and when only one has the particle that makes another verb of a verb.
 */
import { Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, relatorOf, WordFlag } from "../words/dictionary";

/**
 * "Lost to", "lost by"; or one ends in a relation: "lose to", "lose"; or has a particle: "make up a story",
 * "make a story".
 */
export function relatorsDiffer(a: Question, b: Question): bool {
  const inA = relatorsOf(a);
  const inB = relatorsOf(b);
  if ((inA & ~inB) != 0 && (inB & ~inA) != 0) return true;
  if (firmParticles(a) != firmParticles(b)) return true;
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

function isTo(q: Question, index: i32): bool {
  if (index < 0 || index >= <i32>q.tokenCount) return false;
  const token = tokenOf(q, index);
  return (token.flags & TokenFlag.Frame) == 0 && <i32>token.word == <i32>data.WORD_TO;
}

function isWord(q: Question, index: i32, flag: u32): bool {
  const token = tokenOf(q, index);
  return (token.flags & TokenFlag.Frame) == 0 && hasFlag(<i32>token.word, flag);
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

/** The bit of the closing relator that is the last word, 0 when it is none. */
function lastRelator(q: Question): u32 {
  return q.tokenCount == 0 ? 0 : relatorAt(q, <i32>q.tokenCount - 1) & (<u32>data.CLOSING_RELATORS);
}

function isBy(q: Question, relator: u32): bool {
  return relator != 0 && tokenOf(q, <i32>q.tokenCount - 1).word == <i16>data.WORD_BY;
}

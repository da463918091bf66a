/**
 * Active and passive: "why was I charged", "why did I charge". Where the object moved ("how is bread made",
 * "how do I make bread") both ask the same.
 */
import { Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, WordFlag } from "../words/dictionary";
import { Alignment } from "./align";
import { sameStem } from "./relations";
import { isWord } from "./tokens";

/** Whether a verb is passive on one side alone, and its subject is the same. */
export function voiceDiffers(alignment: Alignment): bool {
  const a = alignment.a;
  const b = alignment.b;
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    const j = alignment.pairAt(i);
    if (j < 0 || isPassive(a, i) == isPassive(b, j)) continue;
    const verb = alignment.first(a, i);
    const other = alignment.second(b, j);
    if (!verb.equals(other) && !sameStem(verb, other)) continue;
    if (isSameSubject(alignment, subjectBefore(a, i), subjectBefore(b, j))) return true;
  }
  return false;
}

/** Whether the word is a past form after a form of "be", or "get" right in front of it. */
function isPassive(q: Question, index: i32): bool {
  if ((tokenOf(q, index).flags & TokenFlag.PastForm) == 0) return false;
  if (index > 0 && isWord(q, index - 1, WordFlag.Get)) return true;
  for (let i = index - 1; i >= 0; i--) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Frame) != 0) return hidesBe(q, <u32>token.word);
    const word = <i32>token.word;
    if (hasFlag(word, WordFlag.Auxiliary)) return hasFlag(word, WordFlag.Be);
  }
  return false;
}

/**
 * Whether the frame, of that class, holds a form of "be". Of the frames' words only those of all together are
 * known.
 */
function hidesBe(q: Question, frame: u32): bool {
  const asking = (<u32>data.OPEN_CLASSES) & ~(<u32>data.CLASSES_OF_MANNER);
  if (((asking >> frame) & 1) == 0 || !q.hasBe) return false;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    if (isWord(q, i, WordFlag.Be)) return false;
  }
  return true;
}

/** The content word, pronoun or frame in front of a verb, −1 for none. */
function subjectBefore(q: Question, index: i32): i32 {
  for (let i = index - 1; i >= 0; i--) {
    if ((tokenOf(q, i).flags & (TokenFlag.Frame | TokenFlag.Content)) != 0) return i;
    if (isWord(q, i, WordFlag.Pronoun)) return i;
  }
  return -1;
}

function isSameSubject(alignment: Alignment, i: i32, j: i32): bool {
  if (i < 0 || j < 0) return i == j;
  const a = tokenOf(alignment.a, i);
  const b = tokenOf(alignment.b, j);
  const isSame = a.hash == b.hash && ((a.flags ^ b.flags) & TokenFlag.Frame) == 0;
  return isSame || alignment.pairAt(i) == j;
}

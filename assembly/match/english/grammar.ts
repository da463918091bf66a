/**
 * Tense, mood and form of a question. Two questions with the same words differ when only one of them is
 * about the past or asks whether something may, must or will happen, and when one asks how and the other is
 * a yes-or-no question.
 */
import { Question, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import { hasFlag, moodOf, speakerOf, WordFlag } from "../words/dictionary";
import { Units } from "../text/units";
import { endsWith } from "./stem";

/** Shorter words in -ed are not past forms: "need", "bed". */
const PAST_LETTERS: i32 = 5;

/** Whether a word is a past form without auxiliary: "painted". */
export function isPastForm(text: Units, from: i32, to: i32): bool {
  if (to - from < PAST_LETTERS) return false;
  return endsWith(text, from, to, "ed") && !endsWith(text, from, to, "eed");
}

/**
 * Writes the moods, the tense and the form of a question. `flags` are those of the words before
 * frames are folded, all together, `moods` what those words add to the moods.
 */
export function readForm(q: Question, flags: u32, moods: u32): void {
  q.hasBe = (flags & WordFlag.Be) != 0;
  q.moods = <u16>(moods | moodsOf(q));
  q.past =
    (flags & WordFlag.PastAuxiliary) != 0 || ((flags & WordFlag.Auxiliary) == 0 && hasPastForm(q));
  q.polar = isPolar(q);
  let speakers: i32 = 0;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Frame) == 0) speakers |= speakerOf(<i32>token.word);
  }
  q.speakers = <u8>speakers;
  if ((q.classes & (<u32>data.CLASSES_OF_MANNER)) != 0) {
    q.moods &= ~(<u16>(data.MOOD_ABLE | data.MOOD_WOULD | data.MOOD_OUGHT));
  }
}

function moodsOf(q: Question): u32 {
  let moods: u32 = 0;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Frame) == 0) moods |= moodOf(<i32>token.word) & (<u32>data.MOODS);
  }
  if (hasClass(q, <u32>data.CLASS_CAN)) moods |= <u32>data.MOOD_ABLE;
  if (hasClass(q, <u32>data.CLASS_SHOULD)) moods |= <u32>data.MOOD_OUGHT;
  if (hasClass(q, <u32>data.CLASS_MUST)) moods |= <u32>data.MOOD_MUST;
  return moods;
}

function hasClass(q: Question, index: u32): bool {
  return ((q.classes >> index) & 1) != 0;
}

function hasPastForm(q: Question): bool {
  const both = TokenFlag.Content | TokenFlag.PastForm;
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    if ((tokenOf(q, i).flags & both) == both) return true;
  }
  return false;
}

/** Whether it is a yes-or-no question: "does it", "can I", not "can you give me". */
function isPolar(q: Question): bool {
  if (q.tokenCount == 0) return false;
  const first = tokenOf(q, 0);
  const word = <i32>first.word;
  if ((first.flags & TokenFlag.Frame) == 0) {
    // "I was wondering if …" without what follows a condition.
    if (word == <i32>data.WORD_IF) return !hasFrameOrMark(q);
    return word == <i32>data.WORD_WHETHER || hasFlag(word, WordFlag.Auxiliary);
  }
  return (((<u32>data.POLAR_CLASSES) >> (<u32>word)) & 1) != 0;
}

/** Whether a frame or a mark follows the first token. */
function hasFrameOrMark(q: Question): bool {
  for (let i = 1; i < <i32>q.tokenCount; i++) {
    if ((tokenOf(q, i).flags & (TokenFlag.Frame | TokenFlag.Mark)) != 0) return true;
  }
  return false;
}

/** "Who is", "who was"; "can it", "will it"; "how could I", "how should I". */
export function tenseDiffers(a: Question, b: Question): bool {
  const isOther = a.innerMoods != 0 && b.innerMoods != 0 && (a.innerMoods & b.innerMoods) == 0;
  return isOther || ((a.moods ^ b.moods) & (<u16>data.MOODS)) != 0 || a.past != b.past;
}

/**
 * "How do I freeze eggs", "can I freeze eggs", "do eggs freeze": one asks for yes or no and the other
 * does not. Bare keywords ask for what or how.
 */
export function formDiffers(a: Question, b: Question): bool {
  if (a.polar == b.polar) return false;
  const other = a.polar ? b.classes : a.classes;
  return other == 0 || (other & (<u32>data.OPEN_CLASSES)) != 0;
}

/** "This bug", "a bug". */
export function referencesDiffer(a: Question, b: Question): bool {
  return ((a.moods ^ b.moods) & ~(<u16>data.MOODS)) != 0;
}

/**
 * "How old are you", "how old am I": one names the user alone, the other the assistant alone. Within
 * a frame ("how do you") both are anybody.
 */
export function speakersDiffer(a: Question, b: Question): bool {
  return (a.speakers ^ b.speakers) == 3 && a.speakers != 0 && b.speakers != 0;
}

/** The forms of 怎么, 怎么样 and 是什么. */
import { isHan, isWord } from "../text/characters";
import { Units } from "../text/units";
import { PARTICLES } from "./asked";
import { holds } from "./scan";

/** 样: 怎么样, 什么样. */
export const MANNER: u32 = 0x6837;
const BEHIND_STATE = "啊呀呢吧吗嘛了的";

/** Gives questions for what, how and the state one form each. `normal`: the text before its phrases were folded. */
export function foldQuestions(folded: Units, normal: Units, scratch: Units): void {
  askWhatItIs(folded);
  askHow(folded, scratch);
  if (endsInHow(normal)) askAboutState(folded, scratch);
}

/** End of the last word of a text. */
function wordsEnd(folded: Units): i32 {
  let end = folded.length;
  while (end > 0 && !isWord(folded.at(end - 1))) end--;
  return end;
}

/** 是多少 at the end asks what something is: 是什么. */
function askWhatItIs(folded: Units): void {
  const end = wordsEnd(folded);
  const isAsked =
    folded.at(end - 3) == 0x662f && folded.at(end - 2) == 0x591a && folded.at(end - 1) == 0x5c11;
  if (!isAsked) return;
  folded.set(end - 2, 0x4ec0);
  folded.set(end - 1, 0x4e48);
}

/** End of the words of a text without particles behind them. */
function endOf(text: Units): i32 {
  let end = wordsEnd(text);
  while (end > 0 && holds(PARTICLES, text.at(end - 1))) end--;
  return end;
}

/** 怎么样 in front of a verb asks how: 怎么. */
function askHow(folded: Units, scratch: Units): void {
  scratch.clear();
  for (let i = 0; i < folded.length; i++) {
    const next = folded.at(i + 1);
    const isState =
      folded.at(i) == MANNER && folded.at(i - 1) == 0x4e48 && folded.at(i - 2) == 0x600e;
    if (!isState || !isHan(next) || holds(BEHIND_STATE, next)) scratch.push(folded.at(i));
  }
  folded.clear();
  folded.append(scratch, 0, scratch.length);
}

/** Whether the text ends in 如何, 怎样, 怎么 or 咋. */
function endsInHow(normal: Units): bool {
  const end = endOf(normal);
  const last = normal.at(end - 1);
  const before = normal.at(end - 2);
  if (last == 0x548b) return true;
  return (
    (before == 0x5982 && last == 0x4f55) || (before == 0x600e && (last == 0x6837 || last == 0x4e48))
  );
}

/** 怎么 at the end, cut short, asks about the state: 怎么样. */
function askAboutState(folded: Units, scratch: Units): void {
  const end = endOf(folded);
  if (folded.at(end - 2) != 0x600e || folded.at(end - 1) != 0x4e48) return;
  scratch.clear();
  scratch.append(folded, 0, end);
  scratch.push(MANNER);
  scratch.append(folded, end, folded.length);
  folded.clear();
  folded.append(scratch, 0, scratch.length);
}

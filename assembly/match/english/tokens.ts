/** What the rules of English ask of single words. */
import { Question, TokenFlag, tokenOf } from "../question/question";
import { hasFlag } from "../words/dictionary";

/** Whether a word outside the frame has `flag`, a `WordFlag`. */
export function isWord(q: Question, index: i32, flag: u32): bool {
  const token = tokenOf(q, index);
  return (token.flags & TokenFlag.Frame) == 0 && hasFlag(<i32>token.word, flag);
}

/** Infinitive and gerund: "stop to smoke", "stop smoking". */
import { Question, TokenFlag, tokenOf } from "../question/question";
import { hasFlag, WordFlag } from "../words/dictionary";
import { Alignment } from "./align";
import { sameStem } from "./relations";
import { isTo } from "./relators";

/**
 * Whether the same word has an infinitive after it on one side and a gerund on the other, with "to" before
 * it or without: "used to live", "used to living". Some words mean the same with both: "start to run".
 */
export function infinitiveDiffers(alignment: Alignment): bool {
  const a = alignment.a;
  const b = alignment.b;
  for (let i = 0; i < <i32>a.tokenCount; i++) {
    const j = alignment.pairAt(i);
    if (j < 0 || isGerund(a, i) == isGerund(b, j)) continue;
    const toA = isTo(a, i - 1);
    const toB = isTo(b, j - 1);
    // With "to" on one side alone, it is the infinitive's.
    if (toA == toB ? !toA : toA == isGerund(a, i)) continue;
    const k = i - (toA ? 2 : 1);
    const m = j - (toB ? 2 : 1);
    if (!isSame(alignment, k, m)) continue;
    if (!(toA && toB) && (isFree(a, k) || isFree(b, m))) continue;
    if (sameStem(alignment.first(a, i), alignment.second(b, j))) return true;
  }
  return false;
}

function isGerund(q: Question, index: i32): bool {
  return (tokenOf(q, index).flags & TokenFlag.Gerund) != 0;
}

function isFree(q: Question, index: i32): bool {
  return hasFlag(<i32>tokenOf(q, index).word, WordFlag.FreeForm);
}

/** Whether both are words, equal or explained by each other. */
function isSame(alignment: Alignment, i: i32, j: i32): bool {
  if (i < 0 || j < 0) return false;
  const a = tokenOf(alignment.a, i);
  const b = tokenOf(alignment.b, j);
  if (((a.flags | b.flags) & TokenFlag.Frame) != 0) return false;
  return a.hash == b.hash || alignment.pairAt(i) == j;
}

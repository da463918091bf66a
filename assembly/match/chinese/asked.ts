/** What a Chinese question asks for, of its folded text. */
import { isHan } from "../text/characters";
import { Units } from "../text/units";
import { holds } from "./scan";

const OF: u32 = 0x7684;
/** Count how often something happens. */
const TIMES = "次回趟遍";

/** Whether 一次 or its like follows 多久: 多久洗一次, not 洗一次多久. */
export function asksOften(folded: Units): bool {
  let isAsked = false;
  for (let i = 0; i + 1 < folded.length; i++) {
    const c = folded.at(i);
    if (c == 0x591a && folded.at(i + 1) == 0x4e45) isAsked = true;
    else if (isAsked && c == 0x4e00 && holds(TIMES, folded.at(i + 1))) return true;
  }
  return false;
}

/** Whether 什么, 谁 or 哪 and 的 precede a character. */
export function asksOwner(folded: Units): bool {
  for (let i = 1; i + 1 < folded.length; i++) {
    if (folded.at(i) != OF || !isHan(folded.at(i + 1))) continue;
    const c = folded.at(i - 1);
    if (c == 0x8c01 || c == 0x54ea) return true;
    if (c == 0x4e48 && folded.at(i - 2) == 0x4ec0) return true;
  }
  return false;
}

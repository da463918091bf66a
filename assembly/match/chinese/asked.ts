/** What a Chinese question asks for, of its folded text. */
import { isHan } from "../text/characters";
import { Units } from "../text/units";
import { holds } from "./scan";

/** What a question is about besides its words. */
export namespace Trait {
  /** It asks whether: 吗, 是否, 难不难. */
  export const Whether: u16 = 1;
  /** It asks for the way: 怎么去 at the end, or where something comes from: 怎么来的. */
  export const Way: u16 = 2;
  /** It points at something: 这, other than in 这么 and the like. */
  export const Pointing: u16 = 4;
  /** Somebody wants, or can, with somebody: 我想和他 is not 他想和我. */
  export const Willing: u16 = 8;
}

/** Behind a word for "how" they say nothing. */
export const PARTICLES = "啊呀呢吧";
const BEHIND_WAY = "啊呀呢吧的";
const NOT_POINTED_AT = "么样里边儿世周月年";
const WILL = "想要会能该愿";
const WITH = "与和跟及";
const NOT: u32 = 0x4e0d;
const WHETHER: u32 = 0x5417;
const OR_NOT: u32 = 0x5426;
const THIS: u32 = 0x8fd9;
const COMING = "去来";

/** The traits of a question in simplified characters. */
export function traitsOf(text: Units): u16 {
  let traits: u16 = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    const next = text.at(i + 1);
    if (c == WHETHER || (next == OR_NOT && holds("是能可", c))) traits |= Trait.Whether;
    if (next == NOT && isHan(c) && text.at(i + 2) == c) traits |= Trait.Whether;
    if (c == 0x6709 && next == 0x6ca1 && text.at(i + 2) == c) traits |= Trait.Whether;
    if (c == THIS && !holds(NOT_POINTED_AT, next)) traits |= Trait.Pointing;
    if (holds(WILL, c) && holds(WITH, next)) traits |= Trait.Willing;
    if (holds(COMING, c) && isHow(text, i)) {
      if (!isHan(next) || holds(BEHIND_WAY, next)) traits |= Trait.Way;
    }
  }
  return traits;
}

/** Whether 怎么, 怎样, 如何 or 咋 precedes a character. */
function isHow(text: Units, at: i32): bool {
  const c = text.at(at - 1);
  const before = text.at(at - 2);
  if (c == 0x548b || (c == 0x4f55 && before == 0x5982)) return true;
  return before == 0x600e && (c == 0x4e48 || c == 0x6837);
}

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

import { Bytes } from "../../proxy-wasm/bytes";

/** Levels of `reasoning_effort`, from none to the most. */
export const LEVELS: Bytes[] = [
  Bytes.of("none"),
  Bytes.of("minimal"),
  Bytes.of("low"),
  Bytes.of("medium"),
  Bytes.of("high"),
  Bytes.of("xhigh"),
  Bytes.of("max"),
];

/** Sets of levels, a bit each; the index of a bit is that in `LEVELS`. */
export namespace Effort {
  export const None: i32 = 1;
  export const Minimal: i32 = 2;
  export const Low: i32 = 4;
  export const Medium: i32 = 8;
  export const High: i32 = 16;
  export const XHigh: i32 = 32;
  export const Max: i32 = 64;
  export const LowToHigh: i32 = 28;
  export const All: i32 = 127;
  /** Unknown: it passes from clients of OpenAI's protocol, and is dropped in translations. */
  export const Unknown: i32 = -1;
}

/** The index of a level in `LEVELS`; −1 for any other text. */
export function levelOf(word: Bytes): i32 {
  if (word.length == 0) return -1;
  for (let i = 0; i < LEVELS.length; i++) {
    if (LEVELS[i].equals(word)) return i;
  }
  return -1;
}

/**
 * The level of the set `levels` that is nearest to `level`: itself, else the next lower that still thinks,
 * else the next higher; −1 when the set has none. A request without reasoning gets the least of it where it
 * cannot be switched off.
 */
export function nearestLevel(levels: i32, level: i32): i32 {
  if (level < 0 || levels <= 0) return -1;
  if ((levels & (1 << level)) != 0) return level;
  for (let lower = level - 1; lower > 0; lower--) {
    if ((levels & (1 << lower)) != 0) return lower;
  }
  for (let higher = level + 1; higher < LEVELS.length; higher++) {
    if ((levels & (1 << higher)) != 0) return higher;
  }
  return (levels & Effort.None) != 0 ? 0 : -1;
}

import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";
import { Char } from "../proxy-wasm/char";

/**
 * Whether a string or key of a parsed document contains an escaped lone surrogate. Lone surrogates are not
 * characters: unescaped, all become U+FFFD, so that different texts look equal.
 */
export function hasLoneSurrogate(document: JsonDocument): bool {
  for (let node = 0, kind = document.kind(0); kind != Kind.None; kind = document.kind(++node)) {
    if (kind != Kind.String || !document.hasEscapes(node)) continue;
    if (isBroken(document.content(node))) return true;
  }
  return false;
}

/** Whether the content of a string, checked by the parser, has a half without its other. */
function isBroken(content: Bytes): bool {
  let at = content.indexOf(Char.Backslash);
  while (at >= 0) {
    const unit = content.at(at + 1) == Char.LowerU ? surrogateAt(content, at) : Half.None;
    if (unit == Half.Low) return true;
    let next = at + 2;
    if (unit == Half.High) {
      next = at + 6;
      if (content.at(next) != Char.Backslash || content.at(next + 1) != Char.LowerU) return true;
      if (surrogateAt(content, next) != Half.Low) return true;
      next += 6;
    }
    at = content.indexOf(Char.Backslash, next);
  }
  return false;
}

/** What an escape `\uXXXX` encodes. */
namespace Half {
  export const None: i32 = 0;
  /** `\uD800` to `\uDBFF`. */
  export const High: i32 = 1;
  /** `\uDC00` to `\uDFFF`. */
  export const Low: i32 = 2;
}

function surrogateAt(content: Bytes, at: i32): i32 {
  if ((content.at(at + 2) | 0x20) != Char.LowerD) return Half.None;
  const digit = content.at(at + 3) | 0x20;
  if (digit >= Char.LowerC && digit <= Char.LowerF) return Half.Low;
  return digit == Char.Eight || digit == Char.Nine || digit == Char.LowerA || digit == Char.LowerB
    ? Half.High
    : Half.None;
}

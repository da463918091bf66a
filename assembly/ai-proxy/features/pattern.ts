import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";

/** Whether a name matches a pattern in which `*` matches any text, ignoring case. */
export function matchesModel(pattern: string, name: Bytes): bool {
  const length = pattern.length;
  let at = 0;
  let part = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const code = part < length ? <u32>pattern.charCodeAt(part) : 0;
    if (code == Char.Star) {
      star = part++;
      from = at;
    } else if (part < length && lower(code) == lower(name.at(at))) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++from;
    } else return false;
  }
  while (part < length && pattern.charCodeAt(part) == Char.Star) part++;
  return part == length;
}

function lower(code: u32): u32 {
  return code >= Char.UpperA && code <= Char.UpperZ ? code | 0x20 : code;
}

import { Bytes } from "../../proxy-wasm/bytes";

/** Whether a name is meant by a pattern in which `*` stands for any text, the case of letters apart. */
export function matchesModel(pattern: string, name: Bytes): bool {
  const length = pattern.length;
  let at = 0;
  let part = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const code = part < length ? pattern.charCodeAt(part) : 0;
    if (code == 0x2a) {
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
  while (part < length && pattern.charCodeAt(part) == 0x2a) part++;
  return part == length;
}

function lower(code: i32): i32 {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}

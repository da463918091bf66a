import * as data from "../tables/data";
import { isAsciiLetter, isDigit, toLower } from "./characters";
import { Units } from "./units";
import { Char } from "../../proxy-wasm/char";

/** Expands the aliases of the tables in a folded text: "k8s" becomes "kubernetes". */
export function writeAliasesOut(text: Units, out: Units): void {
  out.clear();
  let i = 0;
  while (i < text.length) {
    const c = text.at(i);
    if (!isAsciiLetter(c) || isPart(text.at(i - 1))) {
      out.push(c);
      i++;
      continue;
    }
    let end = i + 1;
    while (isPart(text.at(end))) end++;
    const alias = aliasAt(text, i, end);
    if (alias == 0) out.append(text, i, end);
    else out.appendStatic(alias + 2, <i32>load<u16>(alias));
    i = end;
  }
}

function isPart(c: u32): bool {
  return isAsciiLetter(c) || isDigit(c) || c == Char.Underscore || c == Char.Hyphen;
}

/** The expansion of the token `[from, to)`, as a string of static data; 0 for none. */
function aliasAt(text: Units, from: i32, to: i32): usize {
  let at = data.ALIASES;
  for (let i = 0; i < data.ALIASES_COUNT; i += 2) {
    const length = <i32>load<u16>(at);
    const next = at + ((<usize>length + 1) << 1);
    if (length == to - from && isAlias(text, from, at + 2, length)) return next;
    at = next + ((<usize>load<u16>(next) + 1) << 1);
  }
  return 0;
}

/** An alias with capitals is case-sensitive. */
function isAlias(text: Units, from: i32, alias: usize, length: i32): bool {
  for (let i = 0; i < length; i++) {
    const c = text.at(from + i);
    const letter = <u32>load<u16>(alias + ((<usize>i) << 1));
    if (c != letter && toLower(c) != letter) return false;
  }
  return true;
}

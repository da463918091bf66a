import { findWord, hasFlag, WordFlag } from "./dictionary";
import { isAsciiLetter, isDigit, toLower } from "../text/characters";
import { Cover } from "../text/cover";
import { explains } from "../text/explain";
import { HashList } from "../text/hash-list";
import { findLiterals } from "../text/literals";
import { hashOperators } from "../text/operators";
import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

/** With more literals a text is not a question. */
const MAX_LITERALS: i32 = 64;
const MAX_UNITS: i32 = 8192;
/** Precedes a unit among the literals. */
const UNIT_MARK: u32 = Char.Hash;

let unit: Units = new Units(64);

/** The literals of a text. */
export class Spans {
  /** Hashes of the literals, ascending. */
  readonly literals: HashList = new HashList(MAX_LITERALS);
  /** A hash of the operators in their order, 0 for none. */
  operators: u64 = 0;
  /** Whether every character of the text is accounted for. */
  isWhole: bool = false;
  private readonly cover: Cover = new Cover(MAX_UNITS);

  /** Reads a folded text; `normal` is the same with one kind of apostrophe. */
  read(folded: Units, normal: Units, chinese: bool): void {
    this.literals.clear();
    this.cover.clear();
    findLiterals(folded, chinese, this.literals, this.cover);
    this.operators = hashOperators(normal, this.cover);
    this.findUnits(folded);
    this.isWhole = explains(folded, this.cover, this.literals);
  }

  /** Case-sensitive units after a number: mW and MW, Mbit and MB. */
  private findUnits(text: Units): void {
    let i = 0;
    while (i < text.length) {
      if (!isAsciiLetter(text.at(i))) {
        i++;
        continue;
      }
      let end = i + 1;
      while (isAsciiLetter(text.at(end))) end++;
      const before = text.at(i - 1) == Char.Space ? text.at(i - 2) : text.at(i - 1);
      if (isDigit(before) && !isDigit(text.at(end))) this.addUnit(text, i, end);
      i = end;
    }
  }

  private addUnit(text: Units, from: i32, to: i32): void {
    unit.clear();
    for (let i = from; i < to; i++) unit.push(toLower(text.at(i)));
    if (unit.overflow || !hasFlag(findWord(unit, 0, unit.length), WordFlag.CasedUnit)) return;
    unit.clear();
    unit.push(UNIT_MARK);
    for (let i = from; i < to; i++) {
      const c = text.at(i);
      unit.push(isCaseKept(c, i == from) ? c : toLower(c));
    }
    this.literals.addOnce(unit.hash(0, unit.length));
  }
}

/** `b` and `B` are bits and bytes; `m` and `M`, `p` and `P` before them are prefixes. */
function isCaseKept(c: u32, isFirst: bool): bool {
  const lower = c | 0x20;
  return lower == Char.LowerB || (isFirst && (lower == Char.LowerM || lower == Char.LowerP));
}

import { CharClass } from "./char-class";

/** Instructions of a compiled expression. */
export enum Op {
  /** Matches the code point `x`. */
  Char = 0,
  /** Matches one of class `x`. */
  Class = 1,
  /** Matches anything but a line feed. */
  NotNewline = 2,
  /** Matches anything. */
  Any = 3,
  /** Continues at both `x` and `y`; `x` is preferred. */
  Split = 4,
  /** Continues at `x`. */
  Jump = 5,
  /** Saves the position in slot `x`. */
  Save = 6,
  /** Continues if the `Assertion` in `x` holds. */
  Assert = 7,
  Match = 8,
}

/** Conditions on a position. */
export enum Assertion {
  TextStart = 0,
  TextEnd = 1,
  LineStart = 2,
  LineEnd = 3,
  WordBorder = 4,
  NoWordBorder = 5,
}

/** Most instructions of an expression. */
export const MAX_INSTRUCTIONS: i32 = 4000;

/**
 * A compiled expression. Targets of `Split` and `Jump` are relative to their own place, so that a
 * piece that is complete in itself can be moved and copied.
 */
export class Program {
  readonly ops: i32[] = [];
  readonly xs: i32[] = [];
  readonly ys: i32[] = [];
  readonly classes: CharClass[] = [];
  /** Names of the groups by number, group 0 (the whole match) included; empty for none. */
  readonly groupNames: string[] = [""];

  get length(): i32 {
    return this.ops.length;
  }

  /** Number of positions that a match saves: two per group. */
  get slots(): i32 {
    return this.groupNames.length * 2;
  }

  /** Appends an instruction and returns its index. */
  emit(op: i32, x: i32 = 0, y: i32 = 0): i32 {
    this.ops.push(op);
    this.xs.push(x);
    this.ys.push(y);
    return this.ops.length - 1;
  }

  /** Inserts an instruction before the piece from `at` to the end. */
  insert(at: i32, op: i32, x: i32, y: i32): void {
    this.emit(op, x, y);
    for (let i = this.ops.length - 1; i > at; i--) {
      this.ops[i] = this.ops[i - 1];
      this.xs[i] = this.xs[i - 1];
      this.ys[i] = this.ys[i - 1];
    }
    this.ops[at] = op;
    this.xs[at] = x;
    this.ys[at] = y;
  }

  /** Appends a copy of the instructions from `from` up to `to`. */
  copy(from: i32, to: i32): void {
    for (let i = from; i < to; i++) this.emit(this.ops[i], this.xs[i], this.ys[i]);
  }

  /** Drops everything from `length` on. */
  truncate(length: i32): void {
    this.ops.length = length;
    this.xs.length = length;
    this.ys.length = length;
  }
}

import { CharClass } from "./char-class";
import { escapedChar, isLetter, isPerlClass, perlClass, Scanner } from "./scanner";
import { Assertion, MAX_INSTRUCTIONS, Op, Program } from "./program";
import { Char } from "../../proxy-wasm/char";

const MAX_DEPTH: i32 = 100;
/** The largest number in `{m,n}`, as in RE2. */
const MAX_REPEAT: i32 = 1000;

/** Nothing repeatable precedes. */
const NO_ATOM: i32 = -1;

/** An open group. */
class Group {
  /** `Jump`s at the ends of its alternatives, to be patched to the end of the group. */
  readonly jumps: i32[] = [];
  /** Where the current alternative begins. */
  branch: i32 = 0;
  /** Whether all of its pieces before the last one can match the empty string. */
  emptyBefore: bool = true;
  /** Whether an earlier alternative can match the empty string. */
  nullable: bool = false;

  constructor(
    /** Where the group's code begins. */
    readonly start: i32,
    /** Its number, 0 for a non-capturing group. */
    readonly capture: i32,
    /** Flags to restore after it. */
    readonly outerFold: bool,
    readonly outerDotAll: bool,
    readonly outerMultiline: bool,
  ) {}
}

/**
 * Compiles RE2's syntax in one pass, without recursion, to the instructions of Thompson's
 * construction (Russ Cox, "Regular Expression Matching: the Virtual Machine Approach"). Not
 * supported, and an error: `\p`, `\Q`, `\C`, `[[:class:]]` and the flag `U`. The flag `i` folds
 * ASCII letters only.
 */
export class RegexCompiler {
  readonly program: Program = new Program();
  /** Why the expression is invalid; empty when it is valid. */
  error: string = "";
  private readonly scanner: Scanner;
  private readonly groups: Group[] = [];
  /** Where the last piece begins, or `NO_ATOM`. */
  private atom: i32 = NO_ATOM;
  /** Whether the last piece can match the empty string; true when there is none. */
  private atomNullable: bool = true;
  /** Whether the last thing read was a repetition. */
  private repeated: bool = false;
  private fold: bool = false;
  private dotAll: bool = false;
  private multiline: bool = false;

  constructor(pattern: string) {
    this.scanner = new Scanner(pattern);
  }

  /** Compiles; false with `error` set when the expression is invalid. */
  compile(): bool {
    this.program.emit(Op.Save, 0);
    this.openGroup(0);
    while (this.error.length == 0 && !this.scanner.done) {
      const wasRepeated = this.repeated;
      this.repeated = false;
      this.step(this.scanner.next(), wasRepeated);
      if (this.scanner.error.length > 0) this.error = this.scanner.error;
      if (this.program.length > MAX_INSTRUCTIONS) this.error = "expression is too large";
    }
    if (this.error.length > 0) return false;
    if (this.groups.length != 1) {
      this.error = "missing closing )";
      return false;
    }
    this.closeGroup();
    this.program.emit(Op.Save, 1);
    this.program.emit(Op.Match);
    return true;
  }

  private step(code: i32, wasRepeated: bool): void {
    switch (code) {
      case Char.OpenParenthesis:
        return this.open();
      case Char.CloseParenthesis:
        return this.close();
      case Char.Bar:
        return this.alternate();
      case Char.Star:
        return this.repeat(0, -1, wasRepeated);
      case Char.Plus:
        return this.repeat(1, -1, wasRepeated);
      case Char.Question:
        return this.repeat(0, 1, wasRepeated);
      case Char.OpenBrace:
        return this.braces(wasRepeated);
      case Char.OpenBracket:
        return this.class(this.scanner.bracketClass(this.fold));
      case Char.Dot:
        return this.piece(this.dotAll ? Op.Any : Op.NotNewline, 0);
      case Char.Caret:
        return this.assertion(this.multiline ? Assertion.LineStart : Assertion.TextStart);
      case Char.Dollar:
        return this.assertion(this.multiline ? Assertion.LineEnd : Assertion.TextEnd);
      case Char.Backslash:
        return this.escape();
      default:
        return this.literal(code);
    }
  }

  private piece(op: i32, x: i32): void {
    this.newAtom(this.program.emit(op, x), false);
  }

  private assertion(kind: i32): void {
    this.newAtom(this.program.emit(Op.Assert, kind), true);
  }

  /** A further piece of the alternative begins at `start`. */
  private newAtom(start: i32, nullable: bool): void {
    this.leaveAtom();
    this.atom = start;
    this.atomNullable = nullable;
  }

  /** What comes next is no part of the last piece any more. */
  private leaveAtom(): void {
    if (this.groups.length > 0 && !this.atomNullable) {
      this.groups[this.groups.length - 1].emptyBefore = false;
    }
    this.atom = NO_ATOM;
    this.atomNullable = true;
  }

  private class(set: CharClass): void {
    this.program.classes.push(set);
    this.piece(Op.Class, this.program.classes.length - 1);
  }

  private literal(code: i32): void {
    if (!this.fold || !isLetter(code)) return this.piece(Op.Char, code);
    const set = new CharClass();
    set.add(code, code);
    set.foldCase();
    this.class(set);
  }

  private escape(): void {
    if (this.scanner.done) {
      this.error = "trailing backslash at end of expression";
      return;
    }
    const code = this.scanner.next();
    switch (code) {
      case Char.UpperA: // \A
        return this.assertion(Assertion.TextStart);
      case Char.LowerZ: // \z
        return this.assertion(Assertion.TextEnd);
      case Char.LowerB: // \b
        return this.assertion(Assertion.WordBorder);
      case Char.UpperB: // \B
        return this.assertion(Assertion.NoWordBorder);
      default:
        if (isPerlClass(code)) return this.class(perlClass(code));
        return this.literal(escapedChar(this.scanner, code));
    }
  }

  /** What follows `(`: a group, its name or flags. */
  private open(): void {
    const scanner = this.scanner;
    if (!scanner.take(Char.Question)) {
      this.program.groupNames.push("");
      return this.openGroup(this.program.groupNames.length - 1);
    }
    const named = scanner.peek == Char.UpperP || scanner.peek == Char.Less;
    if (named) {
      const name = scanner.groupName();
      if (name.length == 0) return;
      if (this.program.groupNames.includes(name)) {
        this.error = "duplicate group name " + name;
        return;
      }
      this.program.groupNames.push(name);
      return this.openGroup(this.program.groupNames.length - 1);
    }
    this.flags();
  }

  /** `(?flags)` and `(?flags:`. */
  private flags(): void {
    const fold = this.fold;
    const dotAll = this.dotAll;
    const multiline = this.multiline;
    let value = true;
    while (!this.scanner.done) {
      const code = this.scanner.next();
      if (code == Char.LowerI) this.fold = value;
      else if (code == Char.LowerS) this.dotAll = value;
      else if (code == Char.LowerM) this.multiline = value;
      else if (code == Char.Hyphen && value) value = false;
      else if (code == Char.CloseParenthesis) return;
      else if (code == Char.Colon) {
        return this.openGroup(0, fold, dotAll, multiline);
      } else break;
    }
    this.error = "invalid or unsupported group (?";
  }

  /** Opens a group with the flags that hold; the given ones hold again after it. */
  private openGroup(
    capture: i32,
    outerFold: bool = this.fold,
    outerDotAll: bool = this.dotAll,
    outerMultiline: bool = this.multiline,
  ): void {
    if (this.groups.length >= MAX_DEPTH) {
      this.error = "expression nests too deeply";
      return;
    }
    const group = new Group(this.program.length, capture, outerFold, outerDotAll, outerMultiline);
    if (capture > 0) this.program.emit(Op.Save, capture * 2);
    group.branch = this.program.length;
    this.leaveAtom();
    this.groups.push(group);
  }

  private close(): void {
    if (this.groups.length == 1) this.error = "unexpected )";
    else this.closeGroup();
  }

  private closeGroup(): void {
    this.leaveAtom();
    const group = this.groups.pop();
    const end = this.program.length;
    for (let i = 0; i < group.jumps.length; i++) {
      this.program.xs[group.jumps[i]] = end - group.jumps[i];
    }
    if (group.capture > 0) this.program.emit(Op.Save, group.capture * 2 + 1);
    this.fold = group.outerFold;
    this.dotAll = group.outerDotAll;
    this.multiline = group.outerMultiline;
    this.newAtom(group.start, group.nullable || group.emptyBefore);
  }

  private alternate(): void {
    const group = this.groups[this.groups.length - 1];
    const size = this.program.length - group.branch;
    this.program.insert(group.branch, Op.Split, 1, size + 2);
    group.jumps.push(this.program.emit(Op.Jump));
    group.branch = this.program.length;
    this.leaveAtom();
    if (group.emptyBefore) group.nullable = true;
    group.emptyBefore = true;
  }

  private braces(wasRepeated: bool): void {
    if (!this.scanner.bounds()) return this.literal(0x7b);
    const least = this.scanner.least;
    const most = this.scanner.most;
    if (least > MAX_REPEAT || most > MAX_REPEAT || (most >= 0 && most < least)) {
      this.error = "invalid repeat count";
      return;
    }
    this.repeat(least, most, wasRepeated);
  }

  /** Repeats the last piece; `most` is -1 for no limit. A `?` after it prefers fewer. */
  private repeat(least: i32, most: i32, wasRepeated: bool): void {
    if (wasRepeated || this.atom < 0) {
      this.error = wasRepeated
        ? "invalid nested repetition operator"
        : "missing argument to repetition operator";
      return;
    }
    const lazy = this.scanner.take(Char.Question);
    const program = this.program;
    const start = this.atom;
    const end = program.length;
    const size = end - start;
    const copies = max(least, most < 0 ? 1 : most);
    if (<i64>(size + 1) * <i64>copies + <i64>end > MAX_INSTRUCTIONS) {
      this.error = "expression is too large";
      return;
    }
    this.repeated = true;
    // The piece as it is becomes the first copy; the loop or the options are built after it.
    for (let i = 1; i < least; i++) program.copy(start, end);
    const nullable = this.atomNullable;
    if (least == 0) this.atomNullable = true;
    if (most < 0) {
      if (least == 0 && !nullable) {
        this.insertSplit(start, size + 2, lazy);
        program.emit(Op.Jump, -size - 1);
        return;
      }
      // Where x can match nothing x* is (x+)?, which gives the right preference.
      this.split(-size, 1, lazy);
      if (least == 0) this.insertSplit(start, size + 2, lazy);
      return;
    }
    if (least == 0) {
      if (most == 0) program.truncate(start);
      else this.insertSplit(start, (size + 1) * most, lazy);
    }
    // Each option skips to the end of all.
    for (let i = max(least, 1); i < most; i++) {
      this.split(1, (size + 1) * (most - i), lazy);
      const from = least == 0 ? start + 1 : start;
      program.copy(from, from + size);
    }
  }

  private split(preferred: i32, other: i32, lazy: bool): void {
    if (lazy) this.program.emit(Op.Split, other, preferred);
    else this.program.emit(Op.Split, preferred, other);
  }

  private insertSplit(at: i32, skip: i32, lazy: bool): void {
    if (lazy) this.program.insert(at, Op.Split, skip, 1);
    else this.program.insert(at, Op.Split, 1, skip);
  }
}

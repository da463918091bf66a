import { Assertion, Op, Program } from "./program";
import { isWord } from "./scanner";
import { Char } from "../../proxy-wasm/char";

/** A set of program positions in order of preference, each with its saved positions. */
class ThreadList {
  readonly places: StaticArray<i32>;
  /** Positions, `slots` for each place. */
  readonly noted: StaticArray<i32>;
  private readonly stamps: StaticArray<i32>;
  private stamp: i32 = 0;
  length: i32 = 0;

  constructor(instructions: i32, slots: i32) {
    this.places = new StaticArray<i32>(instructions);
    this.noted = new StaticArray<i32>(instructions * slots);
    this.stamps = new StaticArray<i32>(instructions);
  }

  clear(): void {
    this.length = 0;
    this.stamp++;
  }

  /** Marks a position as visited; false when it already was. */
  visit(place: i32): bool {
    if (this.stamps[place] == this.stamp) return false;
    this.stamps[place] = this.stamp;
    return true;
  }
}

/**
 * Runs a program over a text: Pike's algorithm, which follows all possibilities at once, so that
 * time is bounded by the length of the text times the length of the program. The match is the
 * leftmost and of those the preferred one, as in Perl and RE2.
 */
export class Search {
  /** Positions of the last match: start and end of group 0, of group 1, …; -1 for groups unused. */
  readonly match: StaticArray<i32>;
  private current: ThreadList;
  private upcoming: ThreadList;
  private readonly noted: StaticArray<i32>;
  /** Positions to follow, or `~slot` followed by the value to restore. */
  private readonly stack: i32[] = [];

  constructor(
    private readonly program: Program,
    /** Code points. */
    private readonly text: StaticArray<i32>,
  ) {
    this.match = new StaticArray<i32>(program.slots);
    this.noted = new StaticArray<i32>(program.slots);
    this.current = new ThreadList(program.length, program.slots);
    this.upcoming = new ThreadList(program.length, program.slots);
  }

  /** Finds the next match at or after `from`; with `anchored` only one that begins there. */
  find(from: i32, anchored: bool): bool {
    let found = false;
    this.current.clear();
    for (let at = from; at <= this.text.length; at++) {
      if (!found && (!anchored || at == from)) {
        this.noted.fill(-1);
        this.follow(this.current, 0, at);
      }
      if (this.current.length == 0 && (found || anchored)) break;
      this.upcoming.clear();
      if (this.advance(at)) found = true;
      const done = this.current;
      this.current = this.upcoming;
      this.upcoming = done;
    }
    return found;
  }

  /** Advances every thread by the code point at `at`. Returns whether one has matched before it. */
  private advance(at: i32): bool {
    const list = this.current;
    const code = at < this.text.length ? this.text[at] : -1;
    for (let i = 0; i < list.length; i++) {
      const place = list.places[i];
      if (this.program.ops[place] == Op.Match) {
        // Threads after this one are less preferred.
        this.load(this.match, list, i);
        return true;
      }
      if (code < 0 || !this.takes(place, code)) continue;
      this.load(this.noted, list, i);
      this.follow(this.upcoming, place + 1, at + 1);
    }
    return false;
  }

  /** Copies the positions of thread `index`. */
  private load(target: StaticArray<i32>, list: ThreadList, index: i32): void {
    const slots = target.length;
    for (let i = 0; i < slots; i++) target[i] = list.noted[index * slots + i];
  }

  private takes(place: i32, code: i32): bool {
    const x = this.program.xs[place];
    switch (this.program.ops[place]) {
      case Op.Char:
        return code == x;
      case Op.Class:
        return this.program.classes[x].has(code);
      case Op.NotNewline:
        return code != Char.LineFeed;
      default:
        return true;
    }
  }

  /** Adds what can be reached from `start` without taking anything. */
  private follow(list: ThreadList, start: i32, at: i32): void {
    const program = this.program;
    const stack = this.stack;
    stack.push(start);
    while (stack.length > 0) {
      const place = stack.pop();
      if (place < 0) {
        this.noted[~place] = stack.pop();
        continue;
      }
      if (!list.visit(place)) continue;
      const x = program.xs[place];
      switch (program.ops[place]) {
        case Op.Split:
          stack.push(place + program.ys[place]);
          stack.push(place + x);
          break;
        case Op.Jump:
          stack.push(place + x);
          break;
        case Op.Save:
          stack.push(this.noted[x]);
          stack.push(~x);
          this.noted[x] = at;
          stack.push(place + 1);
          break;
        case Op.Assert:
          if (this.holds(x, at)) stack.push(place + 1);
          break;
        default: {
          const index = list.length++;
          list.places[index] = place;
          const slots = this.noted.length;
          for (let i = 0; i < slots; i++) list.noted[index * slots + i] = this.noted[i];
        }
      }
    }
  }

  private holds(assertion: i32, at: i32): bool {
    const before = at > 0 ? this.text[at - 1] : -1;
    const after = at < this.text.length ? this.text[at] : -1;
    switch (assertion) {
      case Assertion.TextStart:
        return before < 0;
      case Assertion.TextEnd:
        return after < 0;
      case Assertion.LineStart:
        return before < 0 || before == Char.LineFeed;
      case Assertion.LineEnd:
        return after < 0 || after == Char.LineFeed;
      case Assertion.WordBorder:
        return isWord(before) != isWord(after);
      default:
        return isWord(before) == isWord(after);
    }
  }
}

/**
 * Fails a test on what no module may do, unless the test declares that it expects it: a trap, a call that would
 * crash Envoy, a line logged as a warning or above, a stream left paused with nothing pending that can resume
 * it.
 */
import { after, afterEach } from "node:test";

const WARN = 3;

const Kind = { Trap: "a trap", Crash: "a crash of Envoy" };

class Watch {
  constructor() {
    /** Streams that have not ended. */
    this.open = new Set();
    /** What every test of the file may log. */
    this.ofFile = [];
    this.reset();
  }

  reset() {
    this.lines = [];
    this.faults = [];
    this.expected = { lines: [], [Kind.Trap]: false, [Kind.Crash]: false };
    this.open.clear();
  }

  log(line) {
    if (line.level >= WARN) this.lines.push(line);
  }

  /** Marks a line that the test checks itself. */
  taken(line) {
    line.isExpected = true;
  }

  trap(words) {
    this.faults.push({ kind: Kind.Trap, words });
  }

  crash(error) {
    this.faults.push({ kind: Kind.Crash, words: error.stack });
  }

  get expectsTrap() {
    return this.expected[Kind.Trap];
  }

  /** Everything that went wrong so far, as messages; then resets. */
  verdict() {
    const wrong = [];
    for (const { kind, words } of this.faults) {
      if (!this.expected[kind]) wrong.push(`${kind}: ${words}`);
    }
    for (const kind of Object.values(Kind)) {
      const isMissing = this.expected[kind] && !this.faults.some((fault) => fault.kind === kind);
      if (isMissing) wrong.push(`expected ${kind}, there was none`);
    }
    // The abort handler's line belongs to the trap.
    const lines = this.expectsTrap ? this.lines.filter(({ level }) => level < 5) : this.lines;
    const isKnown = (line) =>
      line.isExpected ||
      [...this.ofFile, ...this.expected.lines].some(({ pattern }) => pattern.test(line.text));
    for (const line of lines) if (!isKnown(line)) wrong.push(`logged: ${line.text}`);
    for (const { pattern, isOptional } of this.expected.lines) {
      if (!isOptional && !lines.some((line) => pattern.test(line.text)))
        wrong.push(`expected a log line like ${pattern}, there was none`);
    }
    for (const stream of this.open) wrong.push(...stream.leaks());
    this.reset();
    return wrong;
  }

  check() {
    const wrong = this.verdict();
    if (wrong.length > 0) throw new Error(`not expected by the test:\n${wrong.join("\n")}`);
  }
}

export const watch = new Watch();

/** The running test expects a warning or error for each of these patterns, and no others. */
export function expectLog(...patterns) {
  for (const pattern of patterns) watch.expected.lines.push({ pattern, isOptional: false });
}

/** Like `expectLog`, for lines that only some runs log. */
export function allowLog(...patterns) {
  for (const pattern of patterns) watch.expected.lines.push({ pattern, isOptional: true });
}

/** Every test of this file may log these, because they are what the file tests. */
export function allowLogInFile(...patterns) {
  for (const pattern of patterns) watch.ofFile.push({ pattern });
}

/** The running test expects a module to trap; its streams then end as in Envoy. */
export function expectTrap() {
  watch.expected[Kind.Trap] = true;
}

/** The running test expects that Envoy would crash. */
export function expectCrash() {
  watch.expected[Kind.Crash] = true;
}

// Only in tests, because benchmarks use the emulator too.
if (/\.test\.mjs$/.test(process.argv[1] ?? "")) {
  afterEach(() => watch.check());
  after(() => watch.check());
}

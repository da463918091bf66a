import {
  Mark,
  marksFor,
  PrefixMemory,
} from "../../../../assembly/ai-proxy/prompt-cache/mark-policy";
import { Prefix, Prompt } from "../../../../assembly/ai-proxy/prompt-cache/prompt";

class Memory extends PrefixMemory {
  readonly seen: u64[] = [];

  knows(hash: u64): bool {
    return this.seen.includes(hash);
  }

  note(hash: u64): void {
    this.seen.push(hash);
  }
}

const LEAST = 100;

/** A prompt by the bytes up to the ends of its parts, 0 for none; their hashes are given ones. */
function prompt(tools: i32, system: i32, former: i32, end: i32, turn: u64): Prompt {
  const made = new Prompt();
  if (tools > 0) made.tools = new Prefix(1, tools, -1);
  if (system > 0) made.system = new Prefix(2, system, -1);
  if (former > 0) made.former = new Prefix(turn - 1, former, -1);
  made.end = new Prefix(turn, end, -1);
  return made;
}

describe("marks of a prompt", () => {
  it("stand behind what is seen the second time", () => {
    const memory = new Memory();
    expect(marksFor(prompt(150, 300, 0, 400, 10), LEAST, memory)).toBe(0);
    expect(marksFor(prompt(150, 300, 0, 400, 20), LEAST, memory)).toBe(Mark.System);
    expect(marksFor(prompt(150, 0, 0, 400, 30), LEAST, memory)).toBe(Mark.Tools);
  });

  it("stand behind the end and the former end of a conversation that grows", () => {
    const memory = new Memory();
    expect(marksFor(prompt(0, 0, 0, 400, 10), LEAST, memory)).toBe(0);
    expect(marksFor(prompt(0, 0, 400, 500, 11), LEAST, memory)).toBe(Mark.Former | Mark.End);
    expect(marksFor(prompt(0, 300, 500, 600, 12), LEAST, memory)).toBe(
      Mark.System | Mark.Former | Mark.End,
    );
    expect(marksFor(prompt(0, 0, 500, 600, 22), LEAST, memory)).toBe(0, "another conversation");
  });

  it("stand behind a prompt that is sent again", () => {
    const memory = new Memory();
    marksFor(prompt(0, 0, 0, 400, 10), LEAST, memory);
    expect(marksFor(prompt(0, 0, 0, 400, 10), LEAST, memory)).toBe(Mark.End);
  });

  it("never stand behind what is too short to be kept, and that is not remembered", () => {
    const memory = new Memory();
    for (let i = 0; i < 3; i++) {
      expect(marksFor(prompt(20, 50, 80, 99, 10), LEAST, memory)).toBe(0);
    }
    expect(memory.seen.length).toBe(0);
    marksFor(prompt(20, 99, 0, 400, 20), LEAST, memory);
    expect(memory.seen.length).toBe(1);
  });
});

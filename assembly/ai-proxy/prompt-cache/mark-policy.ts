import { Prompt } from "./prompt";

/** Where a prompt is marked; bits. Four marks are what vendors take. */
export enum Mark {
  Tools = 1,
  System = 2,
  /** Where the request before this one ended. */
  Former = 4,
  End = 8,
}

/** Which prefixes were sent lately: for as long as the vendor keeps what it has read. */
export abstract class PrefixMemory {
  /** Whether the prefix was sent within its life. */
  abstract knows(hash: u64): bool;

  /** Notes that the prefix is sent now. */
  abstract note(hash: u64): void;
}

/**
 * The marks that pay for a prompt: writing costs more than reading plainly, and what nobody asks for again is
 * written in vain. Tools and system prompt are marked when they are seen for the second time; the end once the
 * conversation has grown or the same prompt was sent before, so that a single question never pays. With the end
 * the former end is marked too: vendors look for what they have kept in few blocks before a mark alone.
 * `leastBytes`: of a prefix that is worth it. Gives bits of `Mark`.
 */
export function marksFor(prompt: Prompt, leastBytes: i32, memory: PrefixMemory): i32 {
  const tools = prompt.tools;
  const system = prompt.system;
  const former = prompt.former;
  const end = prompt.end;
  let marks = 0;
  if (end.bytes < leastBytes) return marks;
  const hasFormer = former.bytes >= leastBytes;
  const hasSystem = system.bytes >= leastBytes;
  const hasTools = tools.bytes >= leastBytes;
  if ((hasFormer && memory.knows(former.hash)) || memory.knows(end.hash)) {
    marks |= Mark.End;
    if (hasFormer) marks |= Mark.Former;
  }
  // Beside a mark further on it costs nothing, and other conversations find it.
  if (hasSystem && (marks != 0 || memory.knows(system.hash))) marks |= Mark.System;
  if (hasTools && (marks & Mark.System) == 0 && memory.knows(tools.hash)) marks |= Mark.Tools;
  memory.note(end.hash);
  if (hasSystem) memory.note(system.hash);
  if (hasTools) memory.note(tools.hash);
  return marks;
}

import { Prompt } from "./prompt";

/** Where a prompt is marked; bits. Vendors accept four marks. */
export enum Mark {
  Tools = 1,
  System = 2,
  /** At the end of the previous request. */
  Former = 4,
  End = 8,
}

/** Which prefixes were sent within the vendor's cache lifetime. */
export abstract class PrefixMemory {
  /** Whether the prefix was sent within its lifetime. */
  abstract knows(hash: u64): bool;

  /** Records that the prefix is sent now. */
  abstract note(hash: u64): void;
}

/**
 * The marks that pay for a prompt: writing to the cache costs more than uncached input, and is wasted on
 * prompts that do not come again. Tools and system prompt are marked when they are seen for the second
 * time; the end once the conversation has grown or the same prompt was sent before, so that a single
 * question never pays. With the end the former end is marked too: vendors look for what they have kept in
 * few blocks before a mark alone. `leastBytes`: of a prefix that is worth it. Returns bits of `Mark`.
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
  // With a later mark it costs nothing, and other conversations benefit.
  if (hasSystem && (marks != 0 || memory.knows(system.hash))) marks |= Mark.System;
  if (hasTools && (marks & Mark.System) == 0 && memory.knows(tools.hash)) marks |= Mark.Tools;
  memory.note(end.hash);
  if (hasSystem) memory.note(system.hash);
  if (hasTools) memory.note(tools.hash);
  return marks;
}

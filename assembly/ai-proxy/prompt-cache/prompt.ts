import { ASSISTANT, CONTENT, ROLE } from "../../chat/names";
import { isInstructionAt } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { MarkForm } from "./mark-form";
import { PromptHash } from "./prompt-hash";

/** The prefix of a prompt up to a place where it can be marked. */
export class Prefix {
  constructor(
    readonly hash: u64,
    readonly bytes: i32,
    /** The text or the list of blocks that ends it; −1 where there is none. */
    readonly node: i32,
  ) {}
}

/** No prefix: unseen and too short. */
const NONE = new Prefix(0, 0, -1);

/** Where a prompt can be marked. */
export class Prompt {
  /** Up to the end of the tools. */
  tools: Prefix = NONE;
  /** Up to the end of the system prompt. */
  system: Prefix = NONE;
  /** Up to the end of the previous request of the conversation. */
  former: Prefix = NONE;
  /** All of it. */
  end: Prefix = NONE;
}

/**
 * Reads a request for a vendor: tools, system prompt and turns, in cache order. `seed`: separates prompts.
 * A request without turns is an empty prompt.
 */
export function readPrompt(document: JsonDocument, form: MarkForm, seed: u64): Prompt {
  const prompt = new Prompt();
  const turns = form.turns(document);
  if (document.kind(turns) != Kind.Array || document.size(turns) == 0) return prompt;
  const hash = new PromptHash(seed);
  const tools = form.tools(document);
  if (document.size(tools) > 0) {
    hash.addBlocks(document, tools);
    prompt.tools = new Prefix(hash.value, hash.bytes, tools);
  }
  const system = form.system(document);
  if (system >= 0) {
    hash.addBlocks(document, system);
    prompt.system = new Prefix(hash.value, hash.bytes, system);
  }
  readTurns(document, turns, hash, prompt);
  return prompt;
}

/** The previous request ended before the last answer that something follows. */
function readTurns(document: JsonDocument, turns: i32, hash: PromptHash, prompt: Prompt): void {
  let isLead: bool = prompt.system === NONE;
  let isAnswer: bool = false;
  let beforeAnswer = NONE;
  let node = -1;
  let turn = turns + 1;
  for (let left = document.size(turns); left > 0; left--) {
    const role = document.member(turn, ROLE);
    if (isLead && !isInstructionAt(document, role)) {
      isLead = false;
      if (node >= 0) prompt.system = new Prefix(hash.value, hash.bytes, node);
    }
    const answers = document.textIs(role, ASSISTANT);
    if (answers && !isAnswer) beforeAnswer = new Prefix(hash.value, hash.bytes, node);
    else if (!answers && isAnswer) prompt.former = beforeAnswer;
    isAnswer = answers;
    hash.addTurn(document, turn);
    node = document.member(turn, CONTENT);
    turn = document.next(turn);
  }
  prompt.end = new Prefix(hash.value, hash.bytes, node);
}

import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";

const PRESERVE_THINKING = Bytes.of("preserve_thinking");
const TRUE = Bytes.of("true");
const NO_MODELS: Bytes[] = [];

/** What is to be changed in the messages of a chat. */
export class MessagePlan {
  /** Whether role `developer` becomes `system`. */
  replaceDeveloper: bool = false;
  /** Whether `name` goes. */
  dropNames: bool = false;
  /** Beginnings of the models for which `preserve_thinking` is added. */
  preserveThinkingModels: Bytes[] = NO_MODELS;

  get isEmpty(): bool {
    return !this.replaceDeveloper && this.preserveThinkingModels.length == 0;
  }
}

/** Applies the plan to `messages` of the body at the root. */
export function editMessages(
  document: JsonDocument,
  plan: MessagePlan,
  model: Bytes,
  members: ObjectEdit,
  changes: Splice,
): void {
  const messages = document.member(0, names.MESSAGES);
  if (plan.isEmpty || document.kind(messages) != Kind.Array) return;
  let reasons = false;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.member(message, names.ROLE);
    if (plan.replaceDeveloper && document.textIs(role, names.DEVELOPER)) {
      replaceString(document, changes, role, names.SYSTEM);
    }
    if (!document.isAbsent(document.member(message, names.REASONING_CONTENT))) reasons = true;
  }
  if (reasons && startsWithOne(model, plan.preserveThinkingModels)) addThinking(document, members);
}

function addThinking(document: JsonDocument, members: ObjectEdit): void {
  if (document.member(0, PRESERVE_THINKING) < 0) members.append(PRESERVE_THINKING, TRUE);
}

function startsWithOne(model: Bytes, beginnings: Bytes[]): bool {
  for (let i = 0; i < beginnings.length; i++) {
    if (model.startsWith(beginnings[i])) return true;
  }
  return false;
}

import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { ASSISTANT, DEVELOPER, SYSTEM, USER } from "./names";

/** Whether a message's role is `system` or `developer`. */
export function isInstruction(role: Bytes): bool {
  return role.equals(SYSTEM) || role.equals(DEVELOPER);
}

/** As `isInstruction`, for the node of a role. */
export function isInstructionAt(document: JsonDocument, role: i32): bool {
  return document.textIs(role, SYSTEM) || document.textIs(role, DEVELOPER);
}

/**
 * Whether a message is a text of the user or the model and nothing else. `role`, `content`: the nodes of its role and
 * its content; −1 for none.
 */
export function isPlainTurn(document: JsonDocument, message: i32, role: i32, content: i32): bool {
  if (role < 0 || document.size(message) != 2) return false;
  if (document.kind(content) != Kind.String) return false;
  return document.textIs(role, USER) || document.textIs(role, ASSISTANT);
}

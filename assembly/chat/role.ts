import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument } from "../json/document";
import { DEVELOPER, SYSTEM } from "./names";

/** Whether a message's role is `system` or `developer`. */
export function isInstruction(role: Bytes): bool {
  return role.equals(SYSTEM) || role.equals(DEVELOPER);
}

/** As `isInstruction`, for the node of a role. */
export function isInstructionAt(document: JsonDocument, role: i32): bool {
  return document.textIs(role, SYSTEM) || document.textIs(role, DEVELOPER);
}

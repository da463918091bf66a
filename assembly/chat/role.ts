import { Bytes } from "../proxy-wasm/bytes";
import { DEVELOPER, SYSTEM } from "./names";

/** Whether a message's role is that of instructions, by its older or its newer name. */
export function isInstruction(role: Bytes): bool {
  return role.equals(SYSTEM) || role.equals(DEVELOPER);
}

import { proxy_call_foreign_function } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { adoptSlot, clearSlots, slotPointer, slotSize } from "./memory";
import { Status } from "./types";

/**
 * Calls a function that the host registers by name; null when it does not know the name or the call
 * fails.
 */
export function callForeignFunction(name: string, argument: Bytes): Bytes | null {
  const key = Bytes.of(name);
  clearSlots();
  const status = proxy_call_foreign_function(
    key.pointer,
    <usize>key.length,
    argument.pointer,
    <usize>argument.length,
    slotPointer(),
    slotSize(),
  );
  if (status != Status.Ok) return null;
  const value = adoptSlot();
  return value === null ? Bytes.empty() : Bytes.wrap(value);
}

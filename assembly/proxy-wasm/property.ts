import { proxy_get_property, proxy_set_property } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { adoptSlot, clearSlots, slotPointer, slotSize } from "./memory";
import { Status } from "./types";

/** A property path in the host's form: its parts joined by NUL. Build once, at top level. */
export function propertyPath(parts: string[]): Bytes {
  return Bytes.of(parts.join("\0"));
}

/** The value of a property, or null when the host does not have it. */
export function getProperty(path: Bytes): Bytes | null {
  clearSlots();
  if (
    proxy_get_property(path.pointer, <usize>path.length, slotPointer(), slotSize()) != Status.Ok
  ) {
    return null;
  }
  const value = adoptSlot();
  return value === null ? Bytes.empty() : Bytes.wrap(value);
}

/**
 * Sets a property of the stream. On stock Envoy it becomes filter state `wasm.<name>`, readable by
 * later filters and by access logs as `%FILTER_STATE(wasm.<name>:PLAIN)%`; Higress takes some names
 * as commands.
 */
export function setProperty(name: Bytes, value: Bytes): bool {
  return (
    proxy_set_property(name.pointer, <usize>name.length, value.pointer, <usize>value.length) ==
    Status.Ok
  );
}

import { proxy_get_property, proxy_set_property } from "@solo-io/proxy-runtime/assembly/imports";
import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";
import { adoptSlot, clearSlots, landAt, sizeSlot, slotPointer, slotSize } from "./memory";
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

/** Bytes that most names have at most. */
const NAME_ROOM: i32 = 128;

/**
 * Appends the value of a property as `ByteWriter.framed` does, an empty one where the host does not have
 * it. Returns its length. Allocates nothing for a value of 128 bytes or less.
 */
export function frameProperty(out: ByteWriter, path: Bytes): i32 {
  const frame = out.beginFrame();
  const room = out.take(NAME_ROOM);
  clearSlots();
  landAt(room, <usize>NAME_ROOM);
  const status = proxy_get_property(path.pointer, <usize>path.length, slotPointer(), slotSize());
  landAt(0, 0);
  const size = status == Status.Ok ? sizeSlot() : 0;
  if (size <= NAME_ROOM) {
    out.shorten(frame + max(0, size));
  } else {
    out.shorten(frame);
    const value = adoptSlot();
    if (value !== null) out.bytes(Bytes.wrap(value));
  }
  out.endFrame(frame);
  return out.length - frame;
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

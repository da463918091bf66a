import { proxy_get_buffer_bytes } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { proxy_set_buffer_bytes } from "./env";
import { adoptSlot, clearSlots, landAt, sizeSlot, slotPointer, slotSize } from "./memory";
import { BufferType, Status } from "./types";

/** Larger than any body; some hosts read sizes as signed, so it is not the full 32 bits. */
const WHOLE: u32 = 0x7fffffff;

/** Up to `size` bytes of a buffer from its start. Empty when the host has no such buffer. */
export function readBuffer(type: i32, size: i32): Bytes {
  if (size <= 0) return Bytes.empty();
  clearSlots();
  if (proxy_get_buffer_bytes(type, 0, <u32>size, slotPointer(), slotSize()) != Status.Ok) {
    return Bytes.empty();
  }
  const data = adoptSlot();
  return data === null ? Bytes.empty() : Bytes.wrap(data);
}

/**
 * Writes the last bytes of a buffer of `size` bytes, `room` of them at most, to `address`. Returns their
 * number. Allocates nothing.
 */
export function readBufferEnd(type: i32, size: i32, address: usize, room: i32): i32 {
  const length = min(size, room);
  if (length <= 0) return 0;
  clearSlots();
  landAt(address, <usize>length);
  const start = <u32>(size - length);
  const status = proxy_get_buffer_bytes(type, start, <u32>length, slotPointer(), slotSize());
  landAt(0, 0);
  return status == Status.Ok ? min(sizeSlot(), length) : 0;
}

/**
 * Replaces the whole buffer. Hosts do not correct `content-length`: the caller sets or removes it
 * while the headers are held. False when the host refuses.
 */
export function replaceBuffer(type: i32, data: Bytes): bool {
  return proxy_set_buffer_bytes(type, 0, WHOLE, data.pointer, <usize>data.length) == Status.Ok;
}

/**
 * Puts `data` in place of the first `length` bytes of the buffer; 0 puts it in front. False when the host
 * refuses: some take no length but 0 and all. They have done nothing then.
 */
export function replaceStart(type: i32, length: i32, data: Bytes): bool {
  const status = proxy_set_buffer_bytes(type, 0, <u32>length, data.pointer, <usize>data.length);
  return status == Status.Ok;
}

/** Appends to the buffer. */
export function appendBuffer(type: i32, data: Bytes): bool {
  return proxy_set_buffer_bytes(type, WHOLE, 0, data.pointer, <usize>data.length) == Status.Ok;
}

/** The plugin configuration, as the bytes that the host holds. Only inside `on_configure`. */
export function readPluginConfiguration(size: i32): Bytes {
  return readBuffer(BufferType.PluginConfiguration, size);
}

import {
  proxy_get_shared_data,
  proxy_set_shared_data,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import {
  adoptSlot,
  clearSlots,
  landAt,
  numberSlot32,
  sizeSlot,
  slotNumber,
  slotPointer,
  slotSize,
} from "./memory";
import { Status } from "./types";

/** A value of shared data with the number that a conditional write needs. */
export class SharedValue {
  constructor(
    /** The bytes; empty for a deleted key. */
    readonly data: Bytes,
    /** To be passed to `setSharedIf`. */
    readonly cas: u32,
  ) {}
}

/**
 * Reads a key of shared data, which all VMs with the same `vm_id` in the process share. Null when it was
 * never written. Keys can be neither deleted nor listed: write a bounded set of keys, and empty values to
 * release memory.
 */
export function getShared(key: Bytes): SharedValue | null {
  if (!read(key)) return null;
  const data = adoptSlot();
  return new SharedValue(data === null ? Bytes.empty() : Bytes.wrap(data), numberSlot32());
}

/** What a conditional write needs after `readShared`. */
export function lastCas(): u32 {
  return numberSlot32();
}

/**
 * Reads a key like `getShared`, but to `address`, where there is room for `room` bytes. Returns the length
 * of the value, which has not been written there if it is larger than `room`; −1 when the key was never
 * written. Allocates nothing for a value that has room.
 */
export function readShared(key: Bytes, address: usize, room: i32): i32 {
  landAt(address, <usize>room);
  const isThere = read(key);
  landAt(0, 0);
  return isThere ? sizeSlot() : -1;
}

/** Has the host write a key's value into the slots; false when the key was never written. */
function read(key: Bytes): bool {
  clearSlots();
  return (
    proxy_get_shared_data(
      key.pointer,
      <usize>key.length,
      slotPointer(),
      slotSize(),
      slotNumber(),
    ) == Status.Ok
  );
}

/** Writes a key unconditionally. */
export function setShared(key: Bytes, value: Bytes): bool {
  return writeShared(key, value, 0) == Status.Ok;
}

/**
 * Writes a key only if it has not changed since `cas` was read. A key that was never written has no number:
 * its first write is unconditional, and two first writers may both succeed, so read it back afterwards.
 */
export function setSharedIf(key: Bytes, value: Bytes, cas: u32): bool {
  return writeShared(key, value, cas) == Status.Ok;
}

function writeShared(key: Bytes, value: Bytes, cas: u32): u32 {
  return proxy_set_shared_data(
    key.pointer,
    <usize>key.length,
    value.pointer,
    <usize>value.length,
    cas,
  );
}

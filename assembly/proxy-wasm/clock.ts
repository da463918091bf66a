import { proxy_get_current_time_nanoseconds } from "@solo-io/proxy-runtime/assembly/imports";
import { callbackNumber, clearSlots, numberSlot64, slotNumber } from "./memory";

/** Wall-clock time in nanoseconds since 1970; 0 when the host has no clock. */
export function nowNanoseconds(): u64 {
  clearSlots();
  proxy_get_current_time_nanoseconds(slotNumber());
  return numberSlot64();
}

/** The callback that asked last, and the time that it got. */
let callback: u32 = 0;
let milliseconds: u64 = 0;

/** Wall-clock time in milliseconds since 1970. One callback is one moment: the host is asked once. */
export function nowMilliseconds(): u64 {
  const current = callbackNumber();
  if (current == 0 || current != callback) {
    callback = current;
    milliseconds = nowNanoseconds() / 1_000_000;
  }
  return milliseconds;
}

/** Wall-clock time in seconds since 1970. */
export function nowSeconds(): u64 {
  return nowMilliseconds() / 1000;
}

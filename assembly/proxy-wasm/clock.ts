import { proxy_get_current_time_nanoseconds } from "@solo-io/proxy-runtime/assembly/imports";
import { clearSlots, numberSlot64, slotNumber } from "./memory";

/** Wall-clock time in nanoseconds since 1970; 0 when the host has no clock. */
export function nowNanoseconds(): u64 {
  clearSlots();
  proxy_get_current_time_nanoseconds(slotNumber());
  return numberSlot64();
}

/** Wall-clock time in milliseconds since 1970. */
export function nowMilliseconds(): u64 {
  return nowNanoseconds() / 1_000_000;
}

/** Wall-clock time in seconds since 1970. */
export function nowSeconds(): u64 {
  return nowNanoseconds() / 1_000_000_000;
}

/** The choice of marks as functions on numbers, for simulations. */
import { Bytes } from "../../proxy-wasm/bytes";
import { allocate, enter, leave } from "../../proxy-wasm/memory";
import "../../proxy-wasm/abort";
import { nowSeconds } from "../../proxy-wasm/clock";
import { xxhash64 } from "../../text/xxhash64";
import { marksFor } from "./mark-policy";
import { Prefix, Prompt } from "./prompt";
import { SeenPrefixes } from "./seen-prefixes";

/** For values that the host passes. */
export function malloc(size: usize): usize {
  return allocate(size);
}

let leastBytes = 0;
let life: u32 = 0;

/** `least`: bytes of a prefix that is worth it. `seconds`: for which the vendor keeps it. */
export function open(least: i32, seconds: u32): void {
  leastBytes = least;
  life = seconds;
}

/**
 * The marks of a request: bits of `Mark`. `cache`: number of the vendor's cache that it meets. Each prefix has a
 * number, 0 for none, and bytes.
 */
export function decide(
  cache: u32,
  system: u32,
  systemBytes: i32,
  former: u32,
  formerBytes: i32,
  end: u32,
  endBytes: i32,
): i32 {
  enter();
  const prompt = new Prompt();
  if (system > 0) prompt.system = prefix(cache, system, systemBytes);
  if (former > 0) prompt.former = prefix(cache, former, formerBytes);
  prompt.end = prefix(cache, end, endBytes);
  const marks = marksFor(prompt, leastBytes, new SeenPrefixes(life, <u32>nowSeconds()));
  leave();
  return marks;
}

function prefix(cache: u32, id: u32, bytes: i32): Prefix {
  const name = Bytes.wrap(new ArrayBuffer(8));
  store<u32>(name.pointer, cache);
  store<u32>(name.pointer, id, 4);
  return new Prefix(xxhash64(name), bytes, -1);
}

/**
 * Builds of the modules that count what they do: every loop turn and every function call adds one to
 * a global, every block of 32 bytes that is copied or filled at once as well. Numbers that do not
 * depend on the machine tell linear work from quadratic. Objects and their bytes are counted apart.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import binaryen from "binaryen";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { builtModule, stampOf } from "../../scripts/tools/targets.mjs";

/** Name of the exported counter, an i64. */
export const COUNTER = "worst_count";
/** Names of the exported counters of objects and of the bytes that they take, i64 both. */
export const OBJECTS_COUNTER = "worst_objects";
export const BYTES_COUNTER = "worst_bytes";

const NEW = "$~lib/rt/tcms/__new";
const BULK = { "memory.copy": "$worst_copy", "memory.fill": "$worst_fill" };

/** What is added to a module in text form; `$log_execution` is called in loops and functions. */
const COUNTING = `
 (global $worst_count (mut i64) (i64.const 0))
 (export "${COUNTER}" (global $worst_count))
 (global $worst_objects (mut i64) (i64.const 0))
 (export "${OBJECTS_COUNTER}" (global $worst_objects))
 (global $worst_memory (mut i64) (i64.const 0))
 (export "${BYTES_COUNTER}" (global $worst_memory))
 (func $worst_new (param i32 i32) (result i32)
  (global.set $worst_objects (i64.add (global.get $worst_objects) (i64.const 1)))
  (global.set $worst_memory (i64.add (global.get $worst_memory)
   (i64.extend_i32_u (local.get 0))))
  (call ${NEW} (local.get 0) (local.get 1)))
 (func $log_execution (param i32)
  (global.set $worst_count (i64.add (global.get $worst_count) (i64.const 1))))
 (func $worst_bytes (param i32)
  (global.set $worst_count (i64.add (global.get $worst_count)
   (i64.extend_i32_u (i32.shr_u (local.get 0) (i32.const 5))))))
 (func $worst_copy (param i32 i32 i32)
  (call $worst_bytes (local.get 2))
  (memory.copy (local.get 0) (local.get 1) (local.get 2)))
 (func $worst_fill (param i32 i32 i32)
  (call $worst_bytes (local.get 2))
  (memory.fill (local.get 0) (local.get 1) (local.get 2)))
`;

/** Adds the counter to a module. */
export function instrument(code) {
  const module = binaryen.readBinary(code);
  module.setFeatures(binaryen.Features.All);
  module.runPasses(["log-execution"]);
  let text = module.emitText();
  module.dispose();
  for (const [bulk, counted] of Object.entries(BULK)) {
    text = text.replaceAll(`(${bulk}\n`, `(call ${counted}\n`);
  }
  text = text.replaceAll(`(call ${NEW}\n`, "(call $worst_new\n");
  // The pass imports its function; here it is defined instead.
  text = text.replace(/\n \(import "env" "log_execution"[^\n]*/, "");
  const counting = binaryen.parseText(text.replace(/\)\s*$/, `${COUNTING})`));
  counting.setFeatures(binaryen.Features.All);
  const binary = counting.emitBinary();
  counting.dispose();
  return Buffer.from(binary);
}

/** Whether a module was built without the optimiser (`FAST=1`): it makes about three times the calls. */
export function isFast(name) {
  builtModule(name);
  return stampOf(name).endsWith(" fast");
}

/** The counting build of `build/NAME.wasm`; it is made when the module has changed. */
export function countingModule(name) {
  const code = readFileSync(builtModule(name));
  const self = readFileSync(new URL(import.meta.url));
  const digest = createHash("sha256").update(code).update(self).digest("hex");
  const file = join(ROOT, "build/worst", `${name}.wasm`);
  const stamp = `${file}.digest`;
  if (!existsSync(file) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, instrument(code));
    writeFileSync(stamp, digest);
  }
  return readFileSync(file);
}

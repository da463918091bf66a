/**
 * Copies of a module with a clock of the test's, so that days pass in seconds. Debian's faketime does not work with
 * Envoy, which does not reach `main` with it (its allocator asks for the time while faketime starts).
 */
import { writeFileSync } from "node:fs";
import binaryen from "binaryen";

const TIME = "proxy_get_current_time_nanoseconds";
const ON_REQUEST = "proxy_on_request_headers";
const NS_PER_MS = 1_000_000n;

const nanoseconds = (ms) => `(i64.const ${BigInt(Math.round(ms)) * NS_PER_MS})`;

/**
 * Writes the module `code` to `file` with another clock. `lines`: code in WebAssembly's text format that defines the
 * function `name`, which stands in for the host's clock (`$host_time`), and whatever it needs. `around`: how the handler
 * of request headers is called, as the body of a function of the same type, `call` being the call.
 */
function patch(code, file, lines, around = (call) => call) {
  const module = binaryen.readBinary(code);
  module.setFeatures(binaryen.Features.All);
  const text = module.emitText();
  module.dispose();
  const clock = new RegExp(`\\(import "env" "${TIME}" \\(func (\\S+)[^\\n]*\\n`).exec(text);
  if (clock === null) throw new Error("the module does not ask for the time");
  const handler = new RegExp(`\\(export "${ON_REQUEST}" \\(func (\\S+)\\)\\)`).exec(text);
  if (handler === null) throw new Error("the module does not handle requests");
  const [line, name] = clock;
  const call = `(call ${handler[1]} (local.get 0) (local.get 1) (local.get 2))`;
  const added = ` ${lines(name)}
 (func $on_request (param i32 i32 i32) (result i32) ${around(call)})
`;
  const changed = text
    .replace(line, line.replace(name, "$host_time"))
    .replace(handler[0], `(export "${ON_REQUEST}" (func $on_request))`)
    .replace(/\)\s*$/, `${added})`);
  const copy = binaryen.parseText(changed);
  copy.setFeatures(binaryen.Features.All);
  writeFileSync(file, copy.emitBinary());
  copy.dispose();
}

/** A clock that is `factor` times as fast as the real one since it was made. */
export class FastClock {
  constructor(factor) {
    this.factor = factor;
    this.start = Date.now();
  }

  /** Writes the module `code`, patched to use this clock, to `file`. */
  write(code, file) {
    const start = nanoseconds(this.start);
    patch(
      code,
      file,
      (name) => `(func ${name} (param i32) (result i32) (local i32)
  (local.set 1 (call $host_time (local.get 0)))
  (i64.store (local.get 0) (i64.add ${start}
   (i64.mul (i64.sub (i64.load (local.get 0)) ${start}) (i64.const ${this.factor}))))
  (local.get 1))`,
    );
  }
}

/**
 * A clock that stands still but for the requests of a worker, each of which moves it on by `step` ms: what a run gives
 * does not depend on how fast the machine is.
 */
export class RequestClock {
  constructor(step) {
    this.step = step;
    this.start = Date.now();
  }

  /** Writes the module `code`, patched to use this clock, to `file`. */
  write(code, file) {
    patch(
      code,
      file,
      (name) => `(global $now (mut i64) ${nanoseconds(this.start)})
 (func ${name} (param i32) (result i32)
  (i64.store (local.get 0) (global.get $now))
  (i32.const 0))`,
      (call) => `(global.set $now (i64.add (global.get $now) ${nanoseconds(this.step)})) ${call}`,
    );
  }
}

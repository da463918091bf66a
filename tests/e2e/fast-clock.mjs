/**
 * A copy of a module with a faster clock, so that days pass in seconds. Debian's faketime does not work with Envoy,
 * which does not reach `main` with it (its allocator asks for the time while faketime starts).
 */
import { writeFileSync } from "node:fs";
import binaryen from "binaryen";

const IMPORT = '"proxy_get_current_time_nanoseconds"';

/** A clock that is `factor` times as fast as the real one since `start` (ms since 1970). */
export class FastClock {
  constructor(factor, start = Date.now()) {
    this.factor = factor;
    this.start = start;
  }

  /** The current time of this clock, in ms since 1970. */
  now() {
    return this.start + (Date.now() - this.start) * this.factor;
  }

  /** The real milliseconds in which `ms` pass on this clock. */
  realMs(ms) {
    return ms / this.factor;
  }

  /** Writes the module `code`, patched to use this clock, to `file`. */
  write(code, file) {
    const module = binaryen.readBinary(code);
    module.setFeatures(binaryen.Features.All);
    const text = module.emitText();
    module.dispose();
    const found = new RegExp(`\\(import "env" ${IMPORT} \\(func (\\S+)[^\\n]*\\n`).exec(text);
    if (found === null) throw new Error("the module does not ask for the time");
    const [line, name] = found;
    const start = `(i64.const ${BigInt(this.start) * 1_000_000n})`;
    const faster = ` (func ${name} (param i32) (result i32) (local i32)
  (local.set 1 (call $host_time (local.get 0)))
  (i64.store (local.get 0) (i64.add ${start}
   (i64.mul (i64.sub (i64.load (local.get 0)) ${start}) (i64.const ${this.factor}))))
  (local.get 1))
`;
    const changed = text
      .replace(line, line.replace(name, "$host_time"))
      .replace(/\)\s*$/, `${faster})`);
    const copy = binaryen.parseText(changed);
    copy.setFeatures(binaryen.Features.All);
    writeFileSync(file, copy.emitBinary());
    copy.dispose();
  }
}

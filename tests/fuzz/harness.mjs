/** Calls the functions of `harness.ts` and repeats tests with generated input. */
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { Random } from "./random.mjs";

/** How long each test goes on. */
export const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
/** The first seed. */
export const SEED = Number(process.env.FUZZ_SEED || 1);

const memory = { instance: null };
const nothing = () => 1;
const module = new WebAssembly.Module(readFileSync(builtModule("fuzz")));
const env = Object.fromEntries(
  WebAssembly.Module.imports(module).map(({ name }) => [name, nothing]),
);
env.proxy_log = (level, pointer, length) => {
  memory.log = Buffer.from(memory.instance.exports.memory.buffer, pointer, length).toString();
  return 0;
};

/** Runs a function of the harness on `data`; gives whether it accepted, and its result. */
export function call(name, data, ...args) {
  if (!memory.instance) {
    memory.instance = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: env });
    memory.instance.exports._initialize();
  }
  const { exports } = memory.instance;
  const at = exports.prepare(data.length);
  new Uint8Array(exports.memory.buffer, at, data.length).set(data);
  try {
    const accepted = exports[name](...args) === 1;
    const result = Buffer.from(
      new Uint8Array(exports.memory.buffer, exports.resultPointer(), exports.resultLength()),
    );
    return { accepted, result };
  } catch (error) {
    memory.instance = null;
    throw new Error(
      `${name} trapped (${memory.log ?? error.message}) on ${JSON.stringify(Buffer.from(data).toString("latin1")).slice(0, 2000)}`,
      { cause: error },
    );
  }
}

/** Repeats `body` with a fresh generator until the time is over. */
export function fuzz(name, body) {
  it(name, () => {
    const end = Date.now() + SECONDS * 1000;
    let seed = SEED;
    for (; Date.now() < end || seed < SEED + 500; seed++) {
      try {
        body(new Random(seed));
      } catch (error) {
        error.message = `FUZZ_SEED=${seed}: ${error.message}`;
        throw error;
      }
    }
  });
}

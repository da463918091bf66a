/** The product's store and policies, of `build/policy.wasm` and the like, over shared data of our own. */
import { readFileSync } from "node:fs";
import { builtModule } from "../../scripts/tools/targets.mjs";

/** Compiled modules by the name of their target. */
const modules = new Map();

/** Shared data as Envoy has it: values with numbers that conditional writes need. */
export class SharedData {
  values = new Map();
  #cas = 1;

  get(key) {
    return this.values.get(key);
  }

  set(key, value, cas) {
    const found = this.values.get(key);
    if (found !== undefined && cas !== 0 && found.cas !== cas) return 8;
    this.values.set(key, { value, cas: this.#cas++ });
    return 0;
  }

  get bytes() {
    let sum = 0;
    for (const [key, { value }] of this.values) sum += key.length + value.length;
    return sum;
  }
}

/** One worker. */
export class Worker {
  /** Runs before each call to shared data. */
  onHostCall = () => {};

  constructor(shared, { now = () => 1_700_000_000, target = "policy" } = {}) {
    if (!modules.has(target)) {
      const code = readFileSync(builtModule(target));
      modules.set(target, new WebAssembly.Module(code));
    }
    const module = modules.get(target);
    const key = (pointer, length) =>
      Buffer.from(this.exports.memory.buffer, pointer, length).toString("latin1");
    const env = {
      proxy_get_shared_data: (pointer, length, valuePointer, size, cas) => {
        const name = key(pointer, length);
        this.onHostCall("get", name);
        const found = shared.get(name);
        if (found === undefined) return 1;
        const at = found.value.length === 0 ? 0 : this.exports.malloc(found.value.length);
        if (at !== 0) new Uint8Array(this.exports.memory.buffer).set(found.value, at);
        const view = new DataView(this.exports.memory.buffer);
        view.setUint32(valuePointer, at, true);
        view.setUint32(size, found.value.length, true);
        view.setUint32(cas, found.cas, true);
        return 0;
      },
      proxy_set_shared_data: (pointer, length, value, size, cas) => {
        const name = key(pointer, length);
        const bytes = Buffer.from(new Uint8Array(this.exports.memory.buffer, value, size));
        this.onHostCall("set", name);
        return shared.set(name, bytes, cas);
      },
      proxy_get_current_time_nanoseconds: (at) => {
        const time = BigInt(Math.round(now() * 1000)) * 1_000_000n;
        new DataView(this.exports.memory.buffer).setBigUint64(at, time, true);
        return 0;
      },
    };
    for (const { name } of WebAssembly.Module.imports(module)) env[name] ??= () => 0;
    this.exports = new WebAssembly.Instance(module, { env }).exports;
    this.exports._initialize?.();
  }

  /** Opens the store. */
  open({ entries = 1_000_000, bytes = 2 ** 40, value = 0, share = 1, strategy = -1 }) {
    this.exports.open(entries, bytes, value, share, strategy);
    return this;
  }

  access(id, cost = 1, size = 0, tenant = 0) {
    return this.exports.access(id, cost, size, tenant) !== 0;
  }
}

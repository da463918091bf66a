/** What the modules know and the documentation describes, from builds that write it as JSON. */
import { readFileSync } from "node:fs";
import { builtModule } from "./targets.mjs";

/** The JSON written by a target whose module exports `describe`. */
function described(target) {
  const module = new WebAssembly.Module(readFileSync(builtModule(target)));
  const host = {};
  for (const imported of WebAssembly.Module.imports(module)) {
    (host[imported.module] ??= {})[imported.name] = () => 0;
  }
  const { exports } = new WebAssembly.Instance(module, host);
  exports._initialize();
  exports.describe();
  const { buffer } = exports.memory;
  const bytes = new Uint8Array(buffer, exports.resultPointer(), exports.resultLength());
  return JSON.parse(Buffer.from(bytes).toString());
}

/**
 * The provider table.
 * @returns {{ types: { name: string, host: string, chat: string, keyHeader: string, apis: string[], changes: string[], remarks: string[] }[] }}
 */
export const providerTable = () => described("providers");

/**
 * The declared keys of a module's configuration (`assembly/rules/config-key.ts`).
 * @param {"ai-cache" | "ai-proxy"} name
 */
export const keysOf = (name) => described(`keys/${name}`);

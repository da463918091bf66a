/** The provider table as the modules have it: reads `build/providers.wasm`. */
import { readFileSync } from "node:fs";
import { builtModule } from "./targets.mjs";

/** @returns {{ types: { name: string, host: string, chat: string, keyHeader: string, apis: string[], changes: string[], remarks: string[] }[] }} */
export function providerTable() {
  const module = new WebAssembly.Module(readFileSync(builtModule("providers")));
  const host = {};
  for (const imported of WebAssembly.Module.imports(module)) {
    (host[imported.module] ??= {})[imported.name] = () => 0;
  }
  const { exports } = new WebAssembly.Instance(module, host);
  exports._initialize();
  exports.describe();
  const bytes = new Uint8Array(
    exports.memory.buffer,
    exports.resultPointer(),
    exports.resultLength(),
  );
  return JSON.parse(Buffer.from(bytes).toString());
}

/** Every host function does nothing: what talks to a host is tested in the emulator. */
const HOST_FUNCTION = /^proxy_/;

/** Status "not found". */
const NOT_FOUND = 1;

/** F=json/document runs what stands in files of such a path alone. */
const wanted = process.env.F ?? "";

export default {
  entries: [wanted === "" ? "tests/unit/**/*.spec.ts" : `tests/unit/**/${wanted}*.spec.ts`],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    const env = { memory };
    const wasi_snapshot_preview1 = {};
    for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(binary))) {
      if (HOST_FUNCTION.test(name)) env[name] = () => NOT_FOUND;
      if (module === "wasi_snapshot_preview1") wasi_snapshot_preview1[name] = () => NOT_FOUND;
    }
    return instantiate(binary, createImports({ env, wasi_snapshot_preview1 }));
  },
  outputBinary: false,
};

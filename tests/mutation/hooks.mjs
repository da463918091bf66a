/** A loader hook that resolves `node:test` to the module that collects tests. */
export function resolve(specifier, context, next) {
  return specifier === "node:test"
    ? { url: new URL("./collect.mjs", import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
}

/** Loader hooks: who asks for `node:test` gets what collects the tests. */
export function resolve(specifier, context, next) {
  return specifier === "node:test"
    ? { url: new URL("./collect.mjs", import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
}

/** For builds that hold mutants (`tests/mutation`): which one is alive, and which ones were asked for. */

/** Numbers of the mutants that a module has asked for while none was alive and `MUTANT` was −2. */
export const reached = new Set();

/** The host functions that such a build imports. */
export const mutantImports = {
  mutant: () => Number(process.env.MUTANT ?? -1),
  mutant_reached: (number) => void reached.add(number),
};

/** For builds with mutants (`tests/mutation`): which one is active, and which ones were reached. */

/** Numbers of the mutants that a module reached while none was active, with `MUTANT` set to −2. */
export const reached = new Set();

/** The host functions that such a build imports. */
export const mutantImports = {
  mutant: () => Number(process.env.MUTANT ?? -1),
  mutant_reached: (number) => void reached.add(number),
};

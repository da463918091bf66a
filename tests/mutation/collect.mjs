/**
 * Replaces `node:test` in the process that judges mutants: collects what a test file declares, so that its tests
 * can be run one by one, for each mutant. Implements only what the module tests use.
 */

/** A group of tests with its hooks. */
class Group {
  constructor(parent) {
    this.parent = parent;
    this.hooks = { before: [], beforeEach: [], afterEach: [], after: [] };
  }

  /** Hooks of one kind, the outermost group's first. */
  all(kind) {
    return [...(this.parent?.all(kind) ?? []), ...this.hooks[kind]];
  }
}

let group = new Group(null);
let tests = [];

/** Returns the collected tests, and starts anew. */
export function takeTests() {
  const taken = tests;
  tests = [];
  group = new Group(null);
  return taken;
}

/** The test function among the arguments of a declaration. */
const bodyOf = (args) => args.find((argument) => typeof argument === "function");

export function describe(_name, ...args) {
  const outer = group;
  group = new Group(outer);
  const result = bodyOf(args)?.();
  if (result instanceof Promise) throw new Error("an asynchronous describe() cannot be collected");
  group = outer;
}

export function it(name, ...args) {
  tests.push({ name, group, run: bodyOf(args) });
}

const hook =
  (kind) =>
  (...args) =>
    group.hooks[kind].push(bodyOf(args));

export const before = hook("before");
export const after = hook("after");
export const beforeEach = hook("beforeEach");
export const afterEach = hook("afterEach");
export { describe as suite, it as test };

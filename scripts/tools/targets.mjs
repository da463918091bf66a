/** The build targets, whether they are up to date, and building one on demand. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { PACKAGES } from "./layers.mjs";
import { ROOT } from "./paths.mjs";

/** Entry files by target. */
export const TARGETS = {
  "ai-cache": "assembly/ai-cache/index.ts",
  "ai-proxy": "assembly/ai-proxy/index.ts",
  "higress/ai-cache": "assembly/ai-cache/index.higress.ts",
  "higress/ai-proxy": "assembly/ai-proxy/index.higress.ts",
  "scalar/ai-cache": "assembly/ai-cache/index.ts",
  probe: "tests/probe/index.ts",
  "higress/probe": "tests/probe/index.higress.ts",
  fuzz: "tests/fuzz/harness.ts",
  match: "assembly/match/tool.ts",
  policy: "assembly/ai-cache/policy-tool.ts",
  prompts: "assembly/ai-proxy/prompt-cache/tool.ts",
  "keys/ai-cache": "assembly/ai-cache/keys-tool.ts",
  "keys/ai-proxy": "assembly/ai-proxy/keys-tool.ts",
  providers: "assembly/ai-proxy/provider/tool.ts",
  "examples/set-header": "examples/set-header/index.ts",
  "examples/authorize": "examples/authorize/index.ts",
  "examples/count-events": "examples/count-events/index.ts",
};

/** What all targets depend on. */
const TOOLS = [
  "asconfig.json",
  "package.json",
  "scripts/transforms",
  "scripts/tools/function-names.mjs",
];
/** How long a build may take, in ms; after this its lock is ignored. */
const BUILD_MS = 600_000;
const LOCK = join(ROOT, "build/lock");

/** The built module of a target. */
export const moduleFile = (target) => join(ROOT, "build", `${target}.wasm`);

/** The file next to a module with the digest of the sources that it was compiled from. */
export const stampFile = (target) => join(ROOT, "build", `${target}.digest`);

/** The source folders of a target: its package and those that it may import; all for targets of other folders. */
function foldersOf(entry) {
  const name = /^assembly\/([^/]+)\//.exec(entry)?.[1];
  const own = name ? [name, ...PACKAGES[name]] : Object.keys(PACKAGES);
  const folders = own.map((folder) => `assembly/${folder}`);
  return name ? folders : [...folders, entry.slice(0, entry.lastIndexOf("/"))];
}

const digests = new Map();

/** Digest of a file, or of everything in a folder. */
function digestOf(path) {
  if (!digests.has(path)) {
    const hash = createHash("sha256").update(path);
    const file = join(ROOT, path);
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) hash.update(digestOf(`${path}/${name}`));
    } else hash.update(readFileSync(file));
    digests.set(path, hash.digest("hex"));
  }
  return digests.get(path);
}

/** Digest of everything that a target depends on. */
export function sourceDigest(target) {
  const hash = createHash("sha256");
  for (const path of [...foldersOf(TARGETS[target]), ...TOOLS]) hash.update(digestOf(path));
  return hash.digest("hex");
}

/** The stamp of a target; null if it has not been built. */
export function stampOf(target) {
  if (!existsSync(moduleFile(target)) || !existsSync(stampFile(target))) return null;
  return readFileSync(stampFile(target), "utf8");
}

/**
 * The path of a built module. It is built first if it is missing or does not match its sources: without the
 * optimiser if FAST=1 or if ai-cache was built without. An up-to-date build without the optimiser is used as is.
 */
export function builtModule(target) {
  const isCurrent = () => {
    const stamp = stampOf(target);
    return stamp !== null && stamp.split(" ")[0] === sourceDigest(target);
  };
  if (isCurrent()) return moduleFile(target);
  lock();
  try {
    if (isCurrent()) return moduleFile(target);
    const arguments_ = [join(ROOT, "scripts/build.mjs"), target];
    const isFast = process.env.FAST === "1" || stampOf("ai-cache")?.endsWith(" fast");
    const environment = isFast ? { ...process.env, FAST: "1" } : process.env;
    const options = { cwd: ROOT, stdio: [0, 2, 2], env: environment };
    const { status } = spawnSync(process.execPath, arguments_, options);
    if (status !== 0) throw new Error(`${target} does not build`);
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
  return moduleFile(target);
}

/** Takes the lock, because test files may run in parallel and need the same target. */
function lock() {
  mkdirSync(join(ROOT, "build"), { recursive: true });
  const wait = new Int32Array(new SharedArrayBuffer(4));
  while (true) {
    try {
      mkdirSync(LOCK);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > BUILD_MS) rmSync(LOCK, { recursive: true, force: true });
    Atomics.wait(wait, 0, 0, 200);
  }
}

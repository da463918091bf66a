/** What can be built, whether it is up to date, and a build of one target for whoever needs it. */
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

/** What all targets are made with. */
const TOOLS = [
  "asconfig.json",
  "package.json",
  "scripts/transforms",
  "scripts/tools/function-names.mjs",
];
/** How long a build may take, in ms; the lock of one that takes longer is void. */
const BUILD_MS = 600_000;
const LOCK = join(ROOT, "build/lock");

/** The built module of a target. */
export const moduleFile = (target) => join(ROOT, "build", `${target}.wasm`);

/** The digest of the sources that a target was last compiled from stands beside it. */
export const stampFile = (target) => join(ROOT, "build", `${target}.digest`);

/** Folders of the sources of a target: its package with those that it may import, or all. */
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

/** Digest of everything that a target is made from, so that nothing is built twice. */
export function sourceDigest(target) {
  const hash = createHash("sha256");
  for (const path of [...foldersOf(TARGETS[target]), ...TOOLS]) hash.update(digestOf(path));
  return hash.digest("hex");
}

/** What its stamp says of a target that was built; null when it was not. */
export function stampOf(target) {
  if (!existsSync(moduleFile(target)) || !existsSync(stampFile(target))) return null;
  return readFileSync(stampFile(target), "utf8");
}

/**
 * The path of a built module. One that is missing, or older than its sources, is built first: without the
 * optimiser if FAST=1, or if ai-cache is built so; one without the optimiser is taken as it is.
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

/** Test files run side by side, and may need the same target. */
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

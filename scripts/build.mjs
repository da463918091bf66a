/**
 * Builds the four modules, and what tools and tests need, as many at a time as there are cores, and
 * checks them. Names of
 * targets as arguments build only those: `node scripts/build.mjs ai-cache match`. FAST=1 leaves the
 * optimiser out: a quarter of the time, for the loop of edit and test.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { step } from "./tools/console.mjs";
import { ROOT } from "./tools/paths.mjs";
import { checkModule } from "./tools/check-wasm.mjs";
import { withFunctionNamesOnly } from "./tools/function-names.mjs";
import { buildMatchTables } from "./tools/match-tables.mjs";

const TARGETS = {
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
  providers: "assembly/ai-proxy/provider/tool.ts",
  "examples/set-header": "examples/set-header/index.ts",
  "examples/authorize": "examples/authorize/index.ts",
  "examples/count-events": "examples/count-events/index.ts",
};

/** Digest of everything that the modules are made from, so that nothing is built twice. */
function sourceDigest() {
  const hash = createHash("sha256");
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else hash.update(path.slice(ROOT.length)).update(readFileSync(path));
    }
  };
  for (const folder of ["assembly", "examples", "tests/probe", "tests/fuzz"])
    visit(join(ROOT, folder));
  for (const file of ["asconfig.json", "package.json", "scripts/tools/function-names.mjs"])
    hash.update(readFileSync(join(ROOT, file)));
  for (const transform of TRANSFORMS) hash.update(readFileSync(transform));
  return hash.digest("hex");
}

const isFast = process.env.FAST === "1";
/** What makes modules smaller than the compiler alone would. asc takes absolute paths only. */
const TRANSFORMS = ["lazy-constants", "lean-statics"].map((name) =>
  join(ROOT, `scripts/transforms/${name}.mjs`),
);

function compile(target, entry) {
  return new Promise((resolve, reject) => {
    const args = [join(ROOT, "node_modules/assemblyscript/bin/asc.js"), entry, "--target", target];
    for (const transform of TRANSFORMS) args.push("--transform", transform);
    if (isFast) args.push("--optimizeLevel", "0");
    const compiler = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    compiler.stdout.on("data", (data) => (output += data));
    compiler.stderr.on("data", (data) => (output += data));
    compiler.on("close", (code) => {
      if (code === 0 && !/WARNING|ERROR/.test(output)) resolve();
      else reject(new Error(`${target}:\n${output}`));
    });
  });
}

/** Installs the packages anew if one that package.json names is not there. */
function installMissing() {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  const names = Object.keys({ ...dependencies, ...devDependencies });
  if (names.every((name) => existsSync(join(ROOT, "node_modules", name, "package.json")))) return;
  step("installing npm packages");
  execFileSync("npm", ["ci", "--no-progress", "--prefer-offline", "--loglevel=error"], {
    cwd: ROOT,
    stdio: "inherit",
  });
}

const asked = process.argv.slice(2);
for (const target of asked.filter((name) => !TARGETS[name])) {
  process.stderr.write(`no such target: ${target}; there are ${Object.keys(TARGETS).join(", ")}\n`);
  process.exit(1);
}
const targets = asked.length > 0 ? asked : Object.keys(TARGETS);

installMissing();
buildMatchTables();
/** The digest of the sources that a target was last compiled from stands beside it. */
const stampOf = (target) => join(ROOT, "build", `${target}.digest`);
const digest = sourceDigest() + (isFast ? " fast" : "");
const isCurrent = (target) =>
  existsSync(join(ROOT, "build", `${target}.wasm`)) &&
  existsSync(stampOf(target)) &&
  readFileSync(stampOf(target), "utf8") === digest;
const stale = targets.filter((target) => !isCurrent(target));
if (stale.length > 0) {
  step(`compiling ${stale.join(", ")}`);
  for (const folder of ["higress", "scalar", "examples"]) {
    mkdirSync(join(ROOT, "build", folder), { recursive: true });
  }
  try {
    const queue = [...stale];
    const work = async () => {
      for (let target = queue.shift(); target; target = queue.shift()) {
        await compile(target, TARGETS[target]);
        const file = join(ROOT, "build", `${target}.wasm`);
        writeFileSync(file, withFunctionNamesOnly(readFileSync(file)));
        writeFileSync(stampOf(target), digest);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
const isModule = (target) => !["fuzz", "match", "policy", "providers"].includes(target);
for (const target of targets.filter(isModule)) {
  const file = join(ROOT, "build", `${target}.wasm`);
  for (const problem of checkModule(readFileSync(file), target.startsWith("higress/"), isFast)) {
    process.stderr.write(`build/${target}.wasm: ${problem}\n`);
    process.exitCode = 1;
  }
}

/**
 * Builds the four modules and whatever tools and tests need, one build per core at a time, and checks them.
 * With target names as arguments it builds only those: `node scripts/build.mjs ai-cache match`.
 * FAST=1 skips the optimiser, which takes three quarters of the time; meant for the edit-test loop.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { step } from "./tools/console.mjs";
import { ROOT } from "./tools/paths.mjs";
import { checkModule } from "./tools/check-wasm.mjs";
import { withFunctionNamesOnly } from "./tools/function-names.mjs";
import { buildMatchTables } from "./tools/match-tables.mjs";
import { moduleFile, sourceDigest, stampFile, stampOf, TARGETS } from "./tools/targets.mjs";

const isFast = process.env.FAST === "1";
/** Transforms that make modules smaller. asc accepts only absolute paths. */
const TRANSFORMS = ["static-texts", "lean-statics", "key-words"];
/** Targets that write what the modules know as JSON, for the documentation. */
const DESCRIBED = ["providers", "keys/ai-cache", "keys/ai-proxy"];

function compile(target, entry) {
  return new Promise((resolve, reject) => {
    const args = [join(ROOT, "node_modules/assemblyscript/bin/asc.js"), entry, "--target", target];
    for (const name of TRANSFORMS) {
      const isLeftOut = name === "key-words" && DESCRIBED.includes(target);
      if (!isLeftOut) args.push("--transform", join(ROOT, `scripts/transforms/${name}.mjs`));
    }
    if (isFast || DESCRIBED.includes(target)) args.push("--optimizeLevel", "0");
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

/** Reinstalls the packages if one that package.json names is missing. */
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
const digestOf = (target) => sourceDigest(target) + (isFast ? " fast" : "");
const stale = targets.filter((target) => stampOf(target) !== digestOf(target));
if (stale.length > 0) {
  step(`compiling ${stale.join(", ")}`);
  for (const folder of ["higress", "scalar", "examples", "keys"]) {
    mkdirSync(join(ROOT, "build", folder), { recursive: true });
  }
  try {
    const queue = [...stale];
    const work = async () => {
      for (let target = queue.shift(); target; target = queue.shift()) {
        await compile(target, TARGETS[target]);
        const file = moduleFile(target);
        writeFileSync(file, withFunctionNamesOnly(readFileSync(file)));
        writeFileSync(stampFile(target), digestOf(target));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
const isModule = (target) => ![...DESCRIBED, "fuzz", "match", "policy", "prompts"].includes(target);
for (const target of targets.filter(isModule)) {
  const code = readFileSync(moduleFile(target));
  for (const problem of checkModule(code, target.startsWith("higress/"), isFast)) {
    process.stderr.write(`build/${target}.wasm: ${problem}\n`);
    process.exitCode = 1;
  }
}

/** Real agents for tests: npm packages, pinned by lock files of their own, installed on demand. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./console.mjs";
import { CACHE, ROOT } from "./paths.mjs";

const LOCKS = join(ROOT, "tests/agents/locks");
/** The limit of an installation: if the registry does not answer, the agent is skipped and the suite goes on. */
const INSTALL_MS = 240_000;
/** The second command adds what a lock file from another platform lacks. */
const ATTEMPTS = ["ci", "install"];

/** Why an agent cannot be installed here, by name, so that nothing is tried twice. */
const failed = new Map();

/**
 * The folder with the packages of `tests/agents/locks/NAME`; the first call installs them.
 *
 * @returns {{ folder: string } | { fault: string }} `fault`: why they cannot be installed here, in one line.
 */
export function ensureAgent(name) {
  if (failed.has(name)) return { fault: failed.get(name) };
  const lock = readFileSync(join(LOCKS, name, "package-lock.json"));
  const tag = createHash("sha256").update(lock).digest("hex").slice(0, 8);
  const folder = join(CACHE, `agent-${name}-${tag}`);
  if (existsSync(join(folder, "complete"))) return { folder };
  step(`installing ${name} from npm (once)`);
  let fault = "";
  for (const attempt of ATTEMPTS) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ["package.json", "package-lock.json"])
      cpSync(join(LOCKS, name, file), join(folder, file));
    const args = [attempt, "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
    const options = { cwd: folder, encoding: "utf8", timeout: INSTALL_MS };
    const result = spawnSync("npm", args, options);
    if (result.status === 0) {
      writeFileSync(join(folder, "complete"), "");
      return { folder };
    }
    fault = `${result.stderr ?? ""}`.trim().split("\n")[0] || result.error?.message || "npm failed";
  }
  rmSync(folder, { recursive: true, force: true });
  failed.set(name, `${name} cannot be installed here: ${fault}`);
  return { fault: failed.get(name) };
}

/** The path of an agent's program, or why there is none. `program`: its name in `node_modules/.bin`. */
export function agentProgram(name, program) {
  const { folder, fault } = ensureAgent(name);
  if (fault) return { fault };
  return { program: join(folder, "node_modules/.bin", program) };
}

/** Node 22 or newer, which some agents need: the running one, or one from npm. */
export function newerNode() {
  if (Number(process.versions.node.split(".")[0]) >= 22) return { program: process.execPath };
  const { folder, fault } = ensureAgent("node");
  if (fault) return { fault };
  const platform = `${process.platform}-${process.arch}`;
  const found = join(folder, "node_modules", `node-${platform}`, "bin/node");
  return existsSync(found) ? { program: found } : { fault: `no Node 22 for ${platform}` };
}

/** A program that needs Node 22, with the Node that runs it. */
export function agentOnNewerNode(name, program) {
  const node = newerNode();
  const found = agentProgram(name, program);
  const fault = node.fault ?? found.fault;
  return fault ? { fault } : { program: node.program, before: [found.program] };
}

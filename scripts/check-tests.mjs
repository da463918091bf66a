/**
 * Checks that a test leaves no process behind when it fails: what it has started, it stops in `after` or `finally`,
 * not in its last lines.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./tools/paths.mjs";

const FOLDERS = ["tests/agents", "tests/docker", "tests/e2e", "tests/soak"];
const TEST = /^\s*(?:it|test)(?:\.\w+)?\(/;
const CLEAN_UP = /\bafter\(|^\s*\} finally \{/;
const STOPS = /^\s*await (?:stopAll\(|\w+\.stop\()/;

/** The lines that open the blocks around line `at`, the innermost last. */
function openersOf(lines, at) {
  const openers = [];
  let indent = lines[at].search(/\S/);
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const own = lines[i].search(/\S/);
    if (own < 0 || own >= indent) continue;
    openers.unshift(lines[i]);
    indent = own;
  }
  return openers;
}

/** Whether line `at` is the last statement of its block. */
const isLast = (lines, at) => /^\s*\}/.test(lines[at + 1] ?? "");

/** The numbers of the lines at which a test stops something that a failure before them leaves running. */
function lateStops(text) {
  const lines = text.split("\n");
  const found = [];
  lines.forEach((line, at) => {
    if (!STOPS.test(line)) return;
    const openers = openersOf(lines, at);
    if (!openers.some((opener) => TEST.test(opener))) return;
    if (openers.some((opener) => CLEAN_UP.test(opener))) return;
    if (line.includes("stopAll(") || isLast(lines, at)) found.push(at + 1);
  });
  return found;
}

for (const folder of FOLDERS) {
  for (const name of readdirSync(join(ROOT, folder)).filter((file) => file.endsWith(".test.mjs"))) {
    const file = join(folder, name);
    for (const line of lateStops(readFileSync(join(ROOT, file), "utf8"))) {
      process.stderr.write(`${file}:${line}: stopped only if the test succeeds; use t.after\n`);
      process.exitCode = 1;
    }
  }
}

/**
 * Checks that the modules export nothing that no file imports. A class or interface may be exported for the type
 * of a value that others import.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { ROOT } from "./tools/paths.mjs";
import { TARGETS } from "./tools/targets.mjs";

/** Files whose exports the host or the compiler calls, and one that is generated. */
const EXEMPT = new Set([
  ...Object.values(TARGETS),
  "assembly/proxy-wasm/abort.ts",
  "assembly/match/tables/data.ts",
]);
const EXPORT = /^export (?:abstract )?(const|let|function|class|enum|namespace|interface) (\w+)/gm;
const IMPORT = /^(?:import|export)\s+([^;"]*?)\s*from\s+"(\.[^"]+)";/gms;

const sources = new Map();
for (const folder of ["assembly", "examples", "tests"]) {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/(?<!\.d)\.ts$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    sources.set(relative(ROOT, file), readFileSync(file, "utf8"));
  }
}

/** `file#name` of all that is imported; `file#*` where a whole file is. */
const imported = new Set();
for (const [file, text] of sources) {
  for (const [, clause, from] of text.matchAll(IMPORT)) {
    const target = `${normalize(join(dirname(file), from))}.ts`;
    const namespace = /^\* as (\w+)$/.exec(clause)?.[1];
    if (clause === "*") imported.add(`${target}#*`);
    else if (namespace) {
      for (const [, name] of text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, "g")))
        imported.add(`${target}#${name}`);
    } else {
      const names = clause.replace(/^.*?\{|\}.*$/gs, "").split(",");
      for (const name of names) imported.add(`${target}#${name.trim().split(" ")[0]}`);
    }
  }
}

for (const [file, text] of sources) {
  if (!file.startsWith("assembly/") || EXEMPT.has(file) || imported.has(`${file}#*`)) continue;
  for (const [, kind, name] of text.matchAll(EXPORT)) {
    if (imported.has(`${file}#${name}`)) continue;
    const isUsed = text.match(new RegExp(`\\b${name}\\b`, "g")).length > 1;
    if (isUsed && (kind === "class" || kind === "interface")) continue;
    process.stderr.write(`${file}: nothing imports ${name}\n`);
    process.exitCode = 1;
  }
}

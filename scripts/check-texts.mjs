/**
 * Finds what must not appear in this repository: the address of a package registry, a marker of unfinished
 * work, an expression for which the field has another term or, in the modules' sources, a character written
 * as a number.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dialectIn } from "./tools/dialect.mjs";
import { nakedCharacters } from "./tools/named-characters.mjs";
import { ROOT } from "./tools/paths.mjs";

const FORBIDDEN = [
  [
    /\bregistry\.npmjs\b|\bpypi\.org\b|\bfiles\.pythonhosted\b|\bproxy\.golang\b|\bstatic\.crates\b/i,
    "an address of a package registry",
  ],
  [/\b(TODO|FIXME|XXX)\b/, "a marker of unfinished work"],
];
const CHARACTERS = "assembly/proxy-wasm/char.ts";
const DIALECT = "scripts/tools/dialect.mjs";
const SELF = "scripts/check-texts.mjs";

/** Whether a file is written by hand, not recorded or generated. */
const isOurs = (file) =>
  /\.(ts|mjs|md)$/.test(file) &&
  file !== DIALECT &&
  !/^tests\/(fixtures|matching|prompts)\//.test(file);

const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
});
let failed = false;
for (const file of list.split("\n").filter((name) => name && name !== SELF)) {
  let text;
  try {
    text = readFileSync(join(ROOT, file), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") continue;
    throw error;
  }
  if (file.startsWith("assembly/") && file.endsWith(".ts") && file !== CHARACTERS) {
    for (const line of nakedCharacters(text)) {
      process.stderr.write(
        `${file}:${line}: a character as a number; proxy-wasm/char.ts has its name\n`,
      );
      failed = true;
    }
  }
  text.split("\n").forEach((line, index) => {
    const dialect = isOurs(file) ? dialectIn(line) : null;
    if (dialect) {
      process.stderr.write(`${file}:${index + 1}: ${dialect}\n`);
      failed = true;
    }
    for (const [pattern, what] of FORBIDDEN) {
      if (!pattern.test(line)) continue;
      process.stderr.write(`${file}:${index + 1}: ${what}\n`);
      failed = true;
    }
  });
}
process.exitCode = failed ? 1 : 0;

/** Builds each module once for each host, with all mutants of some of its files. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import asc from "assemblyscript/asc";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { findMutants, withMutants } from "./mutators.mjs";

/**
 * The module asks once: the host answers with the number of the active mutant, −1 for none, or −2 to be told
 * which mutants are reached.
 */
const SWITCH = `@external("env", "mutant") declare function choose(): i32;
@external("env", "mutant_reached") declare function reached(number: i32): void;
let chosen: i32 = -3;
export function mutant(number: i32): bool {
  if (chosen == -3) chosen = choose();
  if (chosen == -2) reached(number);
  return chosen == number;
}
`;
const SWITCH_FILE = "assembly/mutant.ts";
/** asc accepts only absolute paths. */
const LAZY_MUTANTS = join(ROOT, "tests/mutation/lazy-mutants.mjs");

/** The hosts: name of the entry file, and folder of the builds. */
const HOSTS = [
  { entry: "index.ts", folder: "" },
  { entry: "index.higress.ts", folder: "higress" },
];

/**
 * @param {string[]} modules `ai-cache`, `ai-proxy` or both
 * @param {string[]} files
 * @param {string} folder gets the stock builds, and in `higress/` those for Higress if they differ
 * @param {(key: string) => boolean} isWanted which mutants are built
 * @returns the mutants; those that do not compile are left out
 */
export async function buildMutants(modules, files, folder, isWanted = () => true) {
  const texts = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
  let mutants = files.flatMap((file) =>
    findMutants(file, texts.get(file))
      .filter(({ key }) => isWanted(key))
      .map((mutant) => ({ ...mutant, file })),
  );
  mutants.forEach((mutant, index) => (mutant.number = index));
  mkdirSync(join(folder, "higress"), { recursive: true });
  for (let attempt = 0; attempt < 30; attempt++) {
    const changed = new Map([[SWITCH_FILE, SWITCH]]);
    for (const file of files) {
      const own = mutants.filter((mutant) => mutant.file === file);
      const path = relative(dirname(file), "assembly/mutant");
      const from = path.startsWith(".") ? path : `./${path}`;
      changed.set(
        file,
        own.length === 0 ? texts.get(file) : withMutants(texts.get(file), own, from),
      );
    }
    const text = await firstFault(modules, folder, changed);
    if (text === null) return mutants;
    const bad = new Set();
    for (const [, file, line] of text.matchAll(/in (assembly\/[\w/.-]+)\((\d+),\d+\)/g)) {
      const lines = texts.get(file)?.split("\n") ?? [];
      if (line > lines.length) continue;
      const before = lines.slice(0, Number(line) - 1).join("\n").length;
      const after = before + lines[line - 1].length + 1;
      for (const mutant of mutants)
        if (mutant.file === file && mutant.at <= after && mutant.end >= before) bad.add(mutant);
    }
    if (bad.size === 0) dropBefore(text, mutants, texts, bad);
    if (bad.size === 0) throw new Error(`the build with mutants fails:\n${text.slice(0, 4000)}`);
    if (process.env.MUTANT_DEBUG) process.stderr.write(text.slice(0, 6000));
    mutants = mutants.filter((mutant) => !bad.has(mutant));
  }
  throw new Error("too many mutants do not compile");
}

/** Compiles with `changed` texts of files; returns the compiler's output for the first build that fails, or null. */
async function firstFault(modules, folder, changed) {
  // Only files that call `platform()` differ between the hosts.
  const isSame = ![...changed.values()].some((text) => text.includes("platform()"));
  const builds = modules.flatMap((module) =>
    (isSame ? HOSTS.slice(0, 1) : HOSTS).map((host) => [module, host]),
  );
  for (const [module, host] of builds) {
    const output = [];
    const write = (part) => output.push(part);
    const outFile = join(folder, host.folder, `${module}.wasm`);
    const target = join(host.folder, module);
    const { error, stdout, stderr } = await asc.main(
      [
        ...[`assembly/${module}/${host.entry}`, "--target", target],
        ...["--outFile", outFile, "--optimizeLevel", "0", "--transform", LAZY_MUTANTS],
      ],
      {
        stdout: { write },
        stderr: { write },
        readFile: (name, base) => {
          const path = relative(ROOT, join(base, name));
          if (changed.has(path)) return changed.get(path);
          try {
            return readFileSync(join(base, name), "utf8");
          } catch {
            return null;
          }
        },
        writeFile: (name, contents, base) =>
          writeFileSync(name.startsWith("/") ? name : join(base, name), contents),
        listFiles: () => [],
      },
    );
    const text = [...output, String(stdout ?? ""), String(stderr ?? "")].join("");
    if (error || /ERROR/.test(text)) return text;
  }
  return null;
}

/** An error may come from a mutated condition before it that the compiler relies on: adds the last one's mutants. */
function dropBefore(text, mutants, texts, bad) {
  for (const [, file, line] of text.matchAll(/in (assembly\/[\w/.-]+)\((\d+),\d+\)/g)) {
    const lines =
      texts
        .get(file)
        ?.split("\n")
        .slice(0, Number(line) - 1) ?? [];
    const end = lines.join("\n").length;
    const before = mutants.filter((mutant) => mutant.file === file && mutant.end <= end);
    const last = Math.max(...before.map((mutant) => mutant.end));
    for (const mutant of before) if (mutant.end === last) bad.add(mutant);
  }
}

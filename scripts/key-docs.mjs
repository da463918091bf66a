/**
 * Writes the tables of keys in docs/ and the schemas in docs/schema/ from the keys that the modules declare;
 * with `--check` only reports whether they are up to date.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import prettier from "prettier";
import { schemaOf, withTables } from "./tools/key-texts.mjs";
import { ROOT } from "./tools/paths.mjs";

const DOCS = join(ROOT, "docs");

/** All generated files, each with its text. */
export async function keyDocuments() {
  const names = readdirSync(DOCS).filter((name) => name.endsWith(".md"));
  const texts = names.map((name) => readFileSync(join(DOCS, name), "utf8"));
  const files = names
    .map((name, i) => [join(DOCS, name), texts[i], withTables(texts[i], texts)])
    .filter(([, before]) => before.includes("<!-- keys "))
    .map(([file, , text]) => [file, text]);
  for (const name of ["ai-cache", "ai-proxy"]) {
    const file = join(DOCS, "schema", `${name}.json`);
    const options = { ...(await prettier.resolveConfig(file)), filepath: file };
    files.push([file, await prettier.format(JSON.stringify(schemaOf(name)), options)]);
  }
  return files;
}

/** The files that do not match the declared keys. */
export async function staleDocuments() {
  const read = (file) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  return (await keyDocuments()).filter(([file, text]) => read(file) !== text).map(([file]) => file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    const stale = await staleDocuments();
    for (const file of stale)
      process.stderr.write(`${file} is out of date: node scripts/key-docs.mjs\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    mkdirSync(join(DOCS, "schema"), { recursive: true });
    for (const [file, text] of await keyDocuments()) writeFileSync(file, text);
  }
}

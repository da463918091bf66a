/** Writes the files of envoy/ from scripts/envoy/; with `--check` only reports whether they are up to date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHAIN_FILES } from "./envoy/chain.mjs";
import { COMPOSE_FILES } from "./envoy/compose.mjs";
import { FAILOVER_FILES } from "./envoy/failover.mjs";
import { PROVIDER_FILES } from "./envoy/providers.mjs";
import { ROOT } from "./tools/paths.mjs";

const FILES = { ...CHAIN_FILES, ...COMPOSE_FILES, ...FAILOVER_FILES, ...PROVIDER_FILES };

for (const [name, text] of Object.entries(FILES)) {
  const path = join(ROOT, "envoy", name);
  const wanted = text();
  if (existsSync(path) && readFileSync(path, "utf8") === wanted) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`envoy/${name} is not what scripts/envoy-files.mjs writes: run it\n`);
    process.exitCode = 1;
  } else writeFileSync(path, wanted);
}

/** Mutants that no test can notice, or that nobody could use, with the reason: `survivors.tsv`. */
import { readFileSync } from "node:fs";

const FILE = new URL("./survivors.tsv", import.meta.url);

/** Reasons by the mutant's key. */
export function readSurvivors() {
  const lines = readFileSync(FILE, "utf8").split("\n");
  const entries = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(entries.map((line) => line.split("\t")));
}

/** Reads `survivors.tsv`: mutants that no test can kill, or whose effect nobody could exploit, with the reason. */
import { readFileSync } from "node:fs";

const FILE = new URL("./survivors.tsv", import.meta.url);

/** Reasons by the mutant's key. */
export function readSurvivors() {
  const lines = readFileSync(FILE, "utf8").split("\n");
  const entries = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(entries.map((line) => line.split("\t")));
}

/** The metrics of both modules, as defined in their sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const DEFINITION = /\b(counters|gauges|histograms)\(\s*"(ai_\w+)"(?:,\s*\[([^\]]*)\])?/g;
const BUILD = /announce\(NAME, OTHER, "(ai_\w+)"/g;

/** @returns {{ type: string, name: string, labels: string[] }[]} */
export function metricFamilies() {
  const families = [];
  for (const entry of readdirSync(join(ROOT, "assembly"), { recursive: true })) {
    if (!entry.endsWith(".ts")) continue;
    const text = readFileSync(join(ROOT, "assembly", entry), "utf8");
    for (const [, type, name, list] of text.matchAll(DEFINITION)) {
      const labels = [...(list ?? "").matchAll(/"(\w+)"/g)].map(([, label]) => label);
      families.push({ type, name, labels });
    }
    for (const [, name] of text.matchAll(BUILD)) {
      families.push({ type: "gauges", name, labels: ["version"] });
    }
  }
  return families;
}

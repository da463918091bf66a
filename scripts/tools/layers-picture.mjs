/** Compares the diagram in docs/architecture.md with the allowed imports. */
import { FOLDERS, OWN, PACKAGES } from "./layers.mjs";

/** The diagram's name for files of a package that are in none of its folders. */
const OWN_FILES = "own files";

/** The boxes of each subgraph, from top to bottom: their names, and whether the chain of arrows includes them. */
function readPicture(text) {
  const [, picture] = /```mermaid\n(.*?)```/s.exec(text) ?? ["", ""];
  const parts = new Map();
  for (const [, name, body] of picture.matchAll(/subgraph (\S+)[^\n]*\n(.*?)\n\s*end\b/gs)) {
    const boxes = [...body.matchAll(/^\s*(\w+)\["([^"]+)"\]/gm)];
    const chain = [...body.matchAll(/(\w+)(?:\["[^"]+"\])? -->/g)].map(([, id]) => id);
    parts.set(
      name,
      boxes.map(([, id, label], i) => ({
        names: label.split(/ · |<br\/>/).map((each) => (each === OWN_FILES ? OWN : each)),
        isLinked: i === boxes.length - 1 || chain.includes(id),
      })),
    );
  }
  return parts;
}

/** The errors in the diagram: missing or unknown names, and imports that would point upwards. */
export function checkPicture(text) {
  const parts = readPicture(text);
  const problems = [];
  const wanted = { packages: PACKAGES, ...FOLDERS };
  for (const [name, graph] of Object.entries(wanted)) {
    const boxes = parts.get(name);
    if (!boxes) {
      problems.push(`${name} has no part`);
      continue;
    }
    const level = new Map();
    boxes.forEach((box, i) => {
      if (!box.isLinked) problems.push(`${name}: the box with ${box.names[0]} has no arrow`);
      for (const each of box.names) {
        if (level.has(each)) problems.push(`${name}: ${each} stands twice`);
        level.set(each, i);
      }
    });
    for (const each of level.keys())
      if (!(each in graph)) problems.push(`${name}: ${each} is nothing that imports are known of`);
    for (const [from, allowed] of Object.entries(graph)) {
      if (!level.has(from)) problems.push(`${name}: ${from} is missing`);
      for (const to of allowed) {
        const below = to === "**" ? level.size : level.get(to);
        if (to !== "**" && !(below > level.get(from)))
          problems.push(`${name}: ${to} stands no lower than ${from}, which imports it`);
      }
    }
  }
  return problems.map((problem) => `docs/architecture.md, picture: ${problem}`);
}

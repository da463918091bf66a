/** Imports point downwards only, and the two modules never import each other. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { ROOT } from "./tools/paths.mjs";

/** What each room may import besides itself. */
const ALLOWED = {
  "proxy-wasm": [],
  text: ["proxy-wasm"],
  json: ["text", "proxy-wasm"],
  http: ["text", "proxy-wasm"],
  chat: ["http", "json", "text", "proxy-wasm"],
  protocol: ["chat", "http", "json", "text", "proxy-wasm"],
  rules: ["http", "json", "text", "proxy-wasm"],
  service: ["proxy-wasm"],
  match: ["json", "text", "proxy-wasm"],
  fingerprint: ["text", "proxy-wasm"],
  redis: ["service", "json", "http", "text", "proxy-wasm"],
  "ai-cache": [
    "fingerprint",
    "match",
    "redis",
    "service",
    "rules",
    "protocol",
    "chat",
    "http",
    "json",
    "text",
    "proxy-wasm",
  ],
  "ai-proxy": [
    "fingerprint",
    "service",
    "rules",
    "protocol",
    "chat",
    "http",
    "json",
    "text",
    "proxy-wasm",
  ],
};
/** The host's ABI is spoken in one room only. */
const HOST_PACKAGE = "@solo-io/proxy-runtime/assembly/imports";
const MAX_LINES = 400;
/** Client protocols are closed: nothing else names a file of theirs, nor do they name one another's. */
const PROTOCOL_REGISTRY = "protocol/registry.ts";

/** The client protocol whose folder a file is in; null for none. */
function protocolOf(path) {
  const [room, folder, ...file] = path.split("/");
  return room === "protocol" && file.length > 0 ? folder : null;
}

const assembly = join(ROOT, "assembly");
const problems = [];

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"),
    )
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Which files a file imports. */
const imports = new Map();

for (const file of files(assembly)) {
  const path = relative(assembly, file);
  const room = path.split("/")[0];
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").length;
  if (lines > MAX_LINES) problems.push(`${path}: ${lines} lines, more than ${MAX_LINES}`);
  if (!ALLOWED[room]) {
    problems.push(`${path}: a room that the design does not know`);
    continue;
  }
  for (const [, name] of text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";/gms)) {
    if (!name.startsWith(".")) {
      if (name !== HOST_PACKAGE || room !== "proxy-wasm") problems.push(`${path}: imports ${name}`);
      continue;
    }
    const imported = normalize(join(dirname(path), name));
    imports.set(path, [...(imports.get(path) ?? []), `${imported}.ts`]);
    const target = imported.split("/")[0];
    const protocol = protocolOf(imported);
    if (protocol !== null && protocolOf(path) !== protocol && path !== PROTOCOL_REGISTRY) {
      problems.push(`${path}: imports ${name}; only ${PROTOCOL_REGISTRY} knows a client protocol`);
    }
    if (target !== room && !ALLOWED[room].includes(target)) {
      problems.push(
        `${path}: imports ${name}; ${room} may import ${ALLOWED[room].join(", ") || "nothing"}`,
      );
    }
  }
}

/** The circles of files that import each other (Tarjan's strongly connected components). */
function circles() {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle);
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** The one that is left: providers are configured with what serves them. */
const isKnown = (circle) => circle.includes("ai-proxy/config/provider-config.ts");

for (const circle of circles())
  if (!isKnown(circle)) problems.push(`import each other: ${circle.join(", ")}`);

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

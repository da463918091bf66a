/** Imports point downwards only, the two modules never import each other, and no shared file knows a vendor. */
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

/** What a protocol is or does is asked of it (`isNeutral`, `isForeign`). */
const COMPARES_PROTOCOLS = /[!=]==?\s*NEUTRAL\b|\bNEUTRAL\s*[!=]=/;

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
  if (COMPARES_PROTOCOLS.test(text)) problems.push(`${path}: compares client protocols`);
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

for (const circle of circles()) problems.push(`import each other: ${circle.join(", ")}`);

/** Where all vendors stand together: the registry, and the rows that need no folder. */
const REGISTRY = ["ai-proxy/provider/table.ts", "ai-proxy/provider/openai-compatible.ts"];
/** Vendors that speak the protocols of others. */
const SPEAKS = { bedrock: ["cohere"], vertex: ["claude", "gemini"] };

/** A vendor's name and folder are known in its folder and in the registry alone. */
function checkVendors() {
  const folder = "ai-proxy/provider";
  const vendors = readdirSync(join(assembly, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "shared")
    .map(({ name }) => name);
  const rows = readFileSync(join(assembly, REGISTRY[1]), "utf8").matchAll(/^ +name: "([^"]+)",/gm);
  const names = [...vendors, ...[...rows].map(([, name]) => name)];
  const compared = new RegExp(
    `(?:[=!]==?|case|startsWith\\(|equals\\(\\w*) *"(?:${names.join("|")})"`,
  );
  for (const file of files(join(assembly, "ai-proxy"))) {
    const path = relative(assembly, file);
    const own = vendors.find((name) => path.startsWith(`${folder}/${name}/`));
    if (REGISTRY.includes(path)) continue;
    for (const imported of imports.get(path) ?? []) {
      const other = vendors.find((name) => imported.startsWith(`${folder}/${name}/`));
      if (other && other !== own && !SPEAKS[own]?.includes(other))
        problems.push(`${path}: imports ${imported}; only the registry knows a vendor's folder`);
    }
    const found = own ? null : compared.exec(readFileSync(file, "utf8"));
    if (found) problems.push(`${path}: ${found[0]} compares a vendor's name`);
  }
}

checkVendors();

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Checks that imports point downwards, at any depth, and that no shared file knows a client protocol or vendor. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { FOLDERS, OWN, PACKAGES } from "./tools/layers.mjs";
import { checkPicture } from "./tools/layers-picture.mjs";
import { ROOT } from "./tools/paths.mjs";

/** The host's ABI, which only one package may import. */
const HOST_PACKAGE = "@solo-io/proxy-runtime/assembly/imports";
const MAX_LINES = 400;
/** The only file that may import from the folders of client protocols, which do not import from each other either. */
const PROTOCOL_REGISTRY = "protocol/registry.ts";

/** Comparisons of protocols; code should ask the protocol instead (`isNeutral`, `isForeign`). */
const COMPARES_PROTOCOLS = /[!=]==?\s*NEUTRAL\b|\bNEUTRAL\s*[!=]=/;

const assembly = join(ROOT, "assembly");
const problems = [];

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"),
    )
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The files that each file imports. */
const imports = new Map();

function readImports() {
  for (const file of files(assembly)) {
    const path = relative(assembly, file);
    const text = readFileSync(file, "utf8");
    const lines = text.split("\n").length;
    if (COMPARES_PROTOCOLS.test(text)) problems.push(`${path}: compares client protocols`);
    if (lines > MAX_LINES) problems.push(`${path}: ${lines} lines, more than ${MAX_LINES}`);
    const found = [];
    for (const [, name] of text.matchAll(/^(?:import|export)\b(?:[^;"]*?from )?"([^"]+)";/gms)) {
      if (name.startsWith(".")) found.push(`${normalize(join(dirname(path), name))}.ts`);
      else if (name !== HOST_PACKAGE || !path.startsWith("proxy-wasm/"))
        problems.push(`${path}: imports ${name}`);
    }
    imports.set(path, found);
  }
}

const packageOf = (path) => path.split("/")[0];

/** A file's folder within its package, as named in `FOLDERS`; null for an unknown one. */
function folderOf(path) {
  const folders = FOLDERS[packageOf(path)] ?? { [OWN]: [] };
  const folder = dirname(path).split("/").slice(1).join("/") || OWN;
  if (folder in folders) return folder;
  const pattern = folder === OWN ? OWN : normalize(join(dirname(folder), "*"));
  return pattern in folders ? pattern : null;
}

/** The arrows between packages and between folders, each with one import that causes it. */
const arrows = new Map();

function checkArrow(path, imported) {
  const [from, to] = [packageOf(path), packageOf(imported)];
  if (from !== to) {
    arrows.set(`${from} -> ${to}`, path);
    if (!PACKAGES[from].includes(to))
      problems.push(`${path}: imports ${imported}; ${from} may import ${listed(PACKAGES[from])}`);
    return;
  }
  const [folder, target] = [folderOf(path), folderOf(imported)];
  if (folder === target || folder === null || target === null) return;
  arrows.set(`${from}/${folder} -> ${from}/${target}`, path);
  const allowed = FOLDERS[from][folder];
  if (!allowed.includes("**") && !allowed.includes(target))
    problems.push(`${path}: imports ${imported}; ${from}/${folder} may import ${listed(allowed)}`);
}

const listed = (list) => list.join(", ") || "nothing";

function checkArrows() {
  for (const [path, found] of imports) {
    if (!(packageOf(path) in PACKAGES) || folderOf(path) === null) {
      problems.push(`${path}: a folder that scripts/tools/layers.mjs does not know`);
      continue;
    }
    for (const imported of found) if (imports.has(imported)) checkArrow(path, imported);
  }
  for (const [from, allowed] of Object.entries(PACKAGES))
    for (const to of allowed) checkNeed(`${from} -> ${to}`);
  for (const [name, folders] of Object.entries(FOLDERS))
    for (const [folder, allowed] of Object.entries(folders))
      for (const to of allowed) if (to !== "**") checkNeed(`${name}/${folder} -> ${name}/${to}`);
}

function checkNeed(arrow) {
  if (!arrows.has(arrow)) problems.push(`scripts/tools/layers.mjs: no import needs ${arrow}`);
}

/** The circles of a graph (Tarjan's strongly connected components). */
function circles(graph) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** The folders, each with those that it imports; folders that `*` stands for are nodes of their own. */
function folderGraph() {
  const graph = new Map();
  for (const [path, found] of imports) {
    const from = dirname(path);
    if (!graph.has(from)) graph.set(from, new Set());
    for (const imported of found)
      if (dirname(imported) !== from) graph.get(from).add(dirname(imported));
  }
  return graph;
}

/** The files that list all vendors: the registry, and the rows that need no folder. */
const REGISTRY = ["ai-proxy/provider/table.ts", "ai-proxy/provider/openai-compatible.ts"];
/** Writes the documentation of the vendors. */
const DOCUMENTS = "ai-proxy/provider/tool.ts";
/** Vendors that also speak other vendors' protocols. */
const SPEAKS = { bedrock: ["cohere"], vertex: ["claude", "gemini"] };
/** Folders in `provider/` that are not vendors. */
const NO_VENDORS = ["base", "shared", "openai-responses"];

/** The client protocol whose folder a file is in; null for none. */
function protocolOf(path) {
  const [name, folder, ...file] = path.split("/");
  return name === "protocol" && file.length > 0 && folder !== "base" ? folder : null;
}

function checkProtocols() {
  for (const [path, found] of imports) {
    if (path === PROTOCOL_REGISTRY) continue;
    for (const imported of found) {
      const protocol = protocolOf(imported);
      if (protocol !== null && protocolOf(path) !== protocol)
        problems.push(
          `${path}: imports ${imported}; only ${PROTOCOL_REGISTRY} knows a client protocol`,
        );
    }
  }
}

/** Files that may name vendors, with what they may name and why it does not depend on how a vendor works. */
const NAMES_VENDORS = {
  // API names, which appear in configurations: the `openai` in `openai/v1/…` is a protocol.
  "ai-proxy/api/api-name.ts": /^[a-z]+\/v1(beta)?\//,
  // Model families that several vendors host.
  "ai-proxy/features/claude-family.ts": /^\*claude[a-z0-9*-]*$/,
  "ai-proxy/features/gemini-family.ts": /^\*gemini[a-z0-9*-]*$/,
  // A line that a client writes into its prompts.
  "ai-proxy/prompt-cache/prompt-hash.ts": /^x-anthropic-billing-header:$/,
  // Values of `protocol`.
  "ai-proxy/config/read-provider.ts": /^openai$/,
  // Subprotocols that OpenAI's libraries request for WebSockets.
  "ai-proxy/route/forward-headers.ts": /^openai-[a-z-]+\.$/,
};

/** Vendors that identifiers in shared code may name, by path prefix. */
const IDENTIFIERS = {
  // Model families that several vendors host.
  "ai-proxy/features/": ["claude", "gemini"],
  "ai-proxy/provider/shared/claude-thinking.ts": ["claude"],
  // API names.
  "ai-proxy/api/api-name.ts": ["vertex"],
};
/** Vendors whose names are also those of client protocols. */
const PROTOCOLS = ["openai"];

/** The names, other names and hosts in the vendors' rows. */
function wordsOf(texts) {
  const words = new Set();
  for (const text of texts) {
    for (const [, name] of text.matchAll(/^ +name: "([^"]+)",/gm)) words.add(name);
    for (const [, host] of text.matchAll(/^ +host: "([^"]+)",/gm)) words.add(host);
    for (const [, list] of text.matchAll(/^ +otherNames: \[([^\]]+)\]/gm))
      for (const [, name] of list.matchAll(/"([^"]+)"/g)) words.add(name);
  }
  return [...words];
}

/** Vendor names that are also ordinary words. */
const COMMON_WORDS = ["generic", "local", "custom", "yi", "ark", "spark", "silicon"];

/** The texts of configuration keys that only the documentation uses; modules do not contain them. */
const KEY_WORDS = /\b(?:meaning|defaultNote):\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g;

/** The contents of a file's string literals, outside comments and imports. */
function textsIn(code) {
  const bare = code
    .replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$|^(?:import|export) [^;]*? from "[^"]*";$/gm, "")
    .replaceAll(KEY_WORDS, "");
  return [...bare.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`]*)`/g)].map(
    ([, double, single, template]) => double ?? single ?? template,
  );
}

/** The identifiers of a file, each with its words (`deepSeekModels`: deep, seek, models). */
function identifiersIn(code) {
  const bare = code.replaceAll(
    /\/\*[^]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/gm,
    " ",
  );
  const wordsOfName = (name) => name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  return [...new Set(bare.match(/[A-Za-z_]\w*/g))].map((name) => [
    name,
    wordsOfName(name).map((word) => word.toLowerCase()),
  ]);
}

/** The vendor that an identifier names; undefined for none. `vendors`: their names without hyphens. */
function vendorIn(words, vendors) {
  for (let from = 0; from < words.length; from++)
    for (let end = from + 1; end <= words.length; end++) {
      const name = words.slice(from, end).join("");
      if (vendors.has(name)) return name;
    }
}

/** Only a vendor's folder and the registry may contain its name, its host or an import of its folder. */
function checkVendors() {
  const folder = "ai-proxy/provider";
  const vendors = readdirSync(join(assembly, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_VENDORS.includes(entry.name))
    .map(({ name }) => name);
  const rows = [REGISTRY[1], ...vendors.map((name) => `${folder}/${name}/row.ts`)];
  const words = wordsOf(rows.map((path) => readFileSync(join(assembly, path), "utf8")));
  const names = [...vendors, ...words].filter((word) => !COMMON_WORDS.includes(word));
  const escaped = names.map((name) => name.replaceAll(/[.]/g, "\\."));
  const rowNames = rows.flatMap((path) => [
    ...readFileSync(join(assembly, path), "utf8").matchAll(/^ +name: "([^"]+)",/gm),
  ]);
  const identified = new Set(
    [...vendors, ...rowNames.map(([, name]) => name)]
      .filter((name) => ![...COMMON_WORDS, ...PROTOCOLS].includes(name))
      .map((name) => name.replaceAll("-", "")),
  );
  const vendor = new RegExp(`(?<![a-z0-9])(?:${escaped.join("|")})(?![a-z0-9])`, "i");
  for (const file of files(join(assembly, "ai-proxy"))) {
    const path = relative(assembly, file);
    const own = vendors.find((name) => path.startsWith(`${folder}/${name}/`));
    if (REGISTRY.includes(path)) continue;
    for (const imported of imports.get(path) ?? []) {
      const other = vendors.find((name) => imported.startsWith(`${folder}/${name}/`));
      if (other && other !== own && !SPEAKS[own]?.includes(other))
        problems.push(`${path}: imports ${imported}; only the registry knows a vendor's folder`);
    }
    if (own || path === DOCUMENTS) continue;
    const code = readFileSync(file, "utf8");
    const allowed = Object.entries(IDENTIFIERS).flatMap(([start, list]) =>
      path.startsWith(start) ? list : [],
    );
    for (const [name, parts] of identifiersIn(code)) {
      const found = vendorIn(parts, identified);
      if (found && !allowed.includes(found))
        problems.push(`${path}: ${name} is about a vendor (${found}): it belongs in its folder`);
    }
    for (const text of textsIn(code)) {
      const found = vendor.exec(text);
      if (found && !NAMES_VENDORS[path]?.test(text))
        problems.push(
          `${path}: "${text}" is about a vendor (${found[0]}): it belongs in its folder or row`,
        );
    }
  }
}

/** What files in `config/`, and those that they import, may not import: a configuration depends on its bytes alone. */
const LIVE =
  /^(?:proxy-wasm\/(?:context|environment|http-call|shared-data|throttle)|service\/service-client)\.ts$/;

/** Exceptions: files imported only for the settings or limits that they define. */
const SETTINGS = ["redis/redis-link.ts"];

/** Configuration is data: live services are created from it elsewhere. */
function checkConfiguration() {
  for (const [path, found] of imports) {
    if (!/^ai-\w+\/config\//.test(path)) continue;
    for (const imported of found.filter((name) => !SETTINGS.includes(name))) {
      const live = [imported, ...(imports.get(imported) ?? [])].find((name) => LIVE.test(name));
      if (live) problems.push(`${path}: imports ${imported}, which is alive (${live})`);
    }
  }
}

/** Each field of an exchange is assigned in one file; others call methods of `Exchange`. */
function checkWriters() {
  const writers = new Map();
  for (const file of files(join(assembly, "ai-proxy"))) {
    const text = readFileSync(file, "utf8");
    for (const [, field] of text.matchAll(/\bexchange\.(\w+)(?:\+\+|--| [-+|]?= )/g)) {
      const known = writers.get(field) ?? relative(assembly, file);
      writers.set(field, known);
      if (known !== relative(assembly, file))
        problems.push(`${relative(assembly, file)}: writes exchange.${field}, as ${known} does`);
    }
  }
}

readImports();
checkArrows();
checkWriters();
for (const circle of circles(imports)) problems.push(`import each other: ${circle.join(", ")}`);
for (const circle of circles(folderGraph()))
  problems.push(`folders that import each other: ${circle.join(", ")}`);
checkProtocols();
checkVendors();
checkConfiguration();
problems.push(...checkPicture(readFileSync(join(ROOT, "docs/architecture.md"), "utf8")));

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

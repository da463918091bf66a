/** Writes the tables of docs/providers.md from the provider table; `--check` only reports if they are outdated. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usual } from "./tools/key-texts.mjs";
import { ROOT } from "./tools/paths.mjs";
import { providerTable } from "./tools/described.mjs";

const FOLDER = "assembly/ai-proxy/provider";

/** Reads a vendor's `note.md`: host and chat path where the row has none, and a remark. */
function noteOf({ name }) {
  const file = join(ROOT, FOLDER, name, "note.md");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const line = (word) => text.match(new RegExp(`^${word}: (.*)$`, "m"))?.[1];
  const remark = text
    .split("\n\n")
    .filter((part) => part.trim() && !/^(Host: |Chat: )/.test(part))
    .map((part) => part.trim().replaceAll("\n", " "))
    .join(" ");
  return { host: line("Host"), chat: line("Chat"), remark };
}

const OPENAI_APIS = 20;

const shortApi = (name) =>
  name
    .replace(/^(openai|cohere|qwen|gemini)\/v1(beta)?\//, "")
    .replace("anthropic/v1/", "")
    .replace("chatcompletions", "chat");

function apis({ apis: names, remarks }) {
  if (names.length > OPENAI_APIS) return "all of OpenAI's";
  if (remarks.includes("any API")) return "any";
  return names.map(shortApi).join(", ");
}

function row(type) {
  const note = noteOf(type);
  const host = note.host ?? `\`${type.host}\``;
  const chat = note.chat ?? `\`${type.chat}\``;
  const remarks = type.remarks.filter((remark) => remark !== "any API");
  if (type.keyHeader) remarks.unshift(`key in \`${type.keyHeader}\``);
  const notes = [note.remark, ...remarks, ...type.changes].filter(Boolean).join("; ");
  return `| \`${type.name}\` | ${host} | ${chat} | ${apis(type)} | ${notes} |`;
}

/** A key's default and the alternatives. */
function defaultOf(key) {
  const others = key.choices.filter((choice) => choice !== key.usual);
  const first = usual(key);
  return others.length > 0 ? `${first}, or ${words(others)}` : first;
}

function keyRows({ name, keys }) {
  return keys.map((key) => {
    if (!key.meaning) throw new Error(`${name}: ${key.name} does not say what it means`);
    return `| \`${name}\` | \`${key.name}\` | ${defaultOf(key)} | ${key.meaning} |`;
  });
}

/** A line for each group of models with the same features, for each group of types with the same models. */
function featureRows(all) {
  const groups = new Map();
  for (const { name, features, apis: names } of all) {
    if (!names.includes("openai/v1/chatcompletions") || !saysMore(features)) continue;
    const key = JSON.stringify(features);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(name);
  }
  return [...groups].flatMap(([key, names]) => {
    // As the first row that matches applies, only equal neighbours become one.
    const rows = [];
    for (const [model, ...texts] of JSON.parse(key)) {
      const text = texts.join("; ");
      if (rows.at(-1)?.text === text) rows.at(-1).models.push(model);
      else rows.push({ text, models: [model] });
    }
    return rows.map(({ text, models }) => `| ${words(names)} | ${words(models)} | ${text} |`);
  });
}
const saysMore = (features) => features.length > 1 || features[0].length > 2;
const words = (members) =>
  members.length > 0 ? members.map((member) => `\`${member}\``).join(", ") : "none";

const types = providerTable().types.toSorted((a, b) => (a.name < b.name ? -1 : 1));
const file = join(ROOT, "docs/providers.md");
/** The tables of the document, each between two markers with its name. */
const TABLES = {
  types: ["| Type | Host | Chat path | APIs | Remarks |", ...types.map(row)],
  keys: ["| Type | Key | Default | Meaning |", ...types.flatMap(keyRows)],
  headers: [
    "| Type | Additional headers |",
    ...types
      .filter(({ headers }) => headers.length > 0)
      .map(({ name, headers }) => `| \`${name}\` | ${words(headers)} |`),
  ],
  members: [
    "| Type | Fields |",
    ...types
      .filter(({ isOwn }) => isOwn)
      .map(({ name, members }) => `| \`${name}\` | ${words(members)} |`),
  ],
  features: ["| Type | Models | What they accept |", ...featureRows(types)],
};

const former = readFileSync(file, "utf8");
let text = former;
for (const [name, [head, ...rows]] of Object.entries(TABLES)) {
  const line = head.replace(/[^|]+/g, "---");
  const begin = `<!-- ${name}: written by scripts/provider-docs.mjs -->`;
  const end = `<!-- end of ${name} -->`;
  if (text.indexOf(begin) < 0 || text.indexOf(end) < 0) throw new Error(`${file}: no ${begin}`);
  const [before] = text.split(begin);
  const [, after] = text.split(end);
  text = `${before}${begin}\n\n${[head, line, ...rows].join("\n")}\n\n${end}${after}`;
}
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (former !== text) {
  process.stderr.write("docs/providers.md is not what scripts/provider-docs.mjs writes: run it\n");
  process.exitCode = 1;
}

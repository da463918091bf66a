/**
 * `make agents`: runs every agent against every type of provider with chats, with the newest model of each. Writes
 * the results to `matrix.json`, and from it the table in `docs/agents.md`. `F=codex` runs only the agent in that
 * file, `P=chat` only with that protocol, `AT=groq,ollama` only against those types, `MISSING=1` only what has not
 * been run or has failed; `SESSIONS` is how many run at once (default 2), `QUESTION_SECONDS` the time limit for a
 * question (default 120).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { step } from "../../scripts/tools/console.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { DESTINATIONS } from "../strict/index.mjs";
import { startGateway } from "./gateway.mjs";
import { runSession } from "./run.mjs";
import { StrictVendors } from "./vendors.mjs";

const FILES = [
  "claude-code",
  "codex",
  "pi",
  "opencode",
  "qwen-code",
  "kimi-code",
  "copilot",
  "continue",
  "gemini-cli",
  "cline",
];
const RESULTS = join(ROOT, "tests/agents/matrix.json");
const DOCUMENT = join(ROOT, "docs/agents.md");
const BEGIN = "<!-- written by make agents -->";
const END = "<!-- end -->";
const PROTOCOLS = { chat: "chats", responses: "Responses", messages: "messages", google: "Gemini" };

const read = () => JSON.parse(readFileSync(RESULTS, "utf8"));

/** Whether a cell is still to be run: it is empty, or its session failed. */
const isOpen = (cell) => !cell || cell.startsWith("no:");

/** Runs one session; returns the text of its cell. */
async function cellOf(session) {
  try {
    const { result } = await runSession({ ...session, parts: ["work", "next"] });
    return session.client.tools(session).image && !result.work.picture ? "no pictures" : "yes";
  } catch (failure) {
    if (process.env.VERBOSE) process.stdout.write(`${session.name}: ${failure.message}\n`);
    const [words] = failure.message.split("\n");
    return `no: ${words.replaceAll("|", "/").slice(0, 100)}`;
  }
}

/** Runs all sessions of one agent with one protocol. */
async function runAgent(client, protocol, destinations, write) {
  const vendors = await StrictVendors.start();
  const ways = destinations.map((destination, index) => ({
    session: `m${index}`,
    destination,
    model: DESTINATIONS[destination].models.at(-1),
  }));
  const gateway = await startGateway(vendors.port, ways);
  const waiting = [...ways];
  const work = async () => {
    for (let way = waiting.shift(); way; way = waiting.shift()) {
      const { session: name, destination } = way;
      const urls = [gateway.urlOf(name, destination)];
      const session = { client, vendors, name, urls, protocol, model: "some-model" };
      const cell = await cellOf(session);
      process.stdout.write(`${client.title} (${PROTOCOLS[protocol]}) at ${destination}: ${cell}\n`);
      write(destination, cell);
    }
  };
  await Promise.all(Array.from({ length: Number(process.env.SESSIONS ?? 2) }, work));
  await gateway.stop().catch((failure) => process.stdout.write(`${failure.message}\n`));
  await vendors.stop();
}

/** Writes the document's table from the results. */
function writeTable() {
  const results = read();
  const columns = Object.keys(results).sort((a, b) => a.localeCompare(b, "en"));
  const lines = [
    `| Type, model | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...Object.entries(DESTINATIONS).map(([name, { models }]) => {
      const cells = columns.map((column) => results[column][name] ?? "");
      return `| \`${name}\`, \`${models.at(-1)}\` | ${cells.join(" | ")} |`;
    }),
  ];
  const text = readFileSync(DOCUMENT, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest.slice(rest.indexOf(END));
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${lines.join("\n")}\n\n${after}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { F = "", P = "", AT = "", MISSING = "" } = process.env;
  const wanted = AT.split(",");
  const chosen = Object.keys(DESTINATIONS).filter((name) => !AT || wanted.includes(name));
  for (const file of FILES.filter((name) => !F || name === F)) {
    const client = await import(`./clients/${file}.mjs`);
    const { fault } = client.program();
    if (fault) {
      process.stdout.write(`left out: ${fault}\n`);
      continue;
    }
    for (const protocol of client.protocols.filter((name) => !P || name === P)) {
      const column = `${client.title} (${PROTOCOLS[protocol]})`;
      const known = read()[column] ?? {};
      const destinations = chosen.filter((name) => !MISSING || isOpen(known[name]));
      if (destinations.length === 0) continue;
      step(`${client.title}, ${PROTOCOLS[protocol]}`);
      await runAgent(client, protocol, destinations, (destination, cell) => {
        const results = read();
        (results[column] ??= {})[destination] = cell;
        writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
      });
    }
  }
  writeTable();
}

/** Cline's command line. It resumes sessions on a screen only, so that each question begins a session. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";

export const title = "Cline";
export const protocols = ["chat", "responses", "messages"];

export const program = () => agentProgram("cline", "cline");

const TOOLS = {
  shell: (command) => ({ tool: /^run_commands$/, input: { commands: [command] } }),
};

export const tools = () => TOOLS;

const PROVIDERS = {
  chat: "openai-compatible",
  responses: "openai-native",
  messages: "anthropic",
};

/** The provider's settings, as `cline auth` writes them. */
function settings({ home, url, model, provider }) {
  const own = { provider, apiKey: "client", model, baseUrl: `${url}/v1` };
  const known = { settings: own, updatedAt: "2026-01-01T00:00:00.000Z", tokenSource: "manual" };
  const all = { version: 1, lastUsedProvider: provider, providers: { [provider]: known } };
  const folder = join(home, ".cline/data/settings");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "providers.json"), JSON.stringify(all));
}

export function command({ home, url, model, protocol, text }) {
  const provider = PROVIDERS[protocol];
  settings({ home, url, model, provider });
  return {
    args: ["--json", "-P", provider, "-m", model, "--thinking", "medium", text],
    // Without the backend it would leave a service behind.
    env: { CLINE_SESSION_BACKEND_MODE: "local", CLINE_NO_AUTO_UPDATE: "1" },
  };
}

export function outcome(stdout) {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const result = events.findLast(({ type }) => type === "run_result");
  if (result?.finishReason !== "completed") {
    throw new Error(`Cline: ${JSON.stringify(result ?? events.at(-1))}`);
  }
  return result.text;
}

/** opencode, which chooses its protocol by the provider's package. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";

export const title = "opencode";
export const protocols = ["chat", "responses", "messages"];

export const program = () => agentProgram("opencode", "opencode");

const TOOLS = {
  shell: (command) => ({ tool: /^bash$/, input: { command, description: "runs a command" } }),
  image: (path) => ({ tool: /^read$/, input: { filePath: path } }),
  lookup: (q) => [[{ tool: /^docs_lookup/, input: { q } }]],
};

export const tools = () => TOOLS;

/** By protocol: a provider and its package, which is bundled with opencode. */
const PROVIDERS = {
  chat: ["gateway", "@ai-sdk/openai-compatible"],
  responses: ["openai", "@ai-sdk/openai"],
  messages: ["anthropic", "@ai-sdk/anthropic"],
};

export function command({ home, url, model, protocol, text, isNext }) {
  const [provider, npm] = PROVIDERS[protocol];
  const known = {
    name: model,
    tool_call: true,
    attachment: true,
    modalities: { input: ["text", "image"], output: ["text"] },
    limit: { context: 128_000, output: 8000 },
  };
  const config = {
    autoupdate: false,
    share: "disabled",
    provider: {
      [provider]: {
        npm,
        options: { baseURL: `${url}/v1`, apiKey: "client" },
        models: { [model]: known },
      },
    },
    permission: { bash: "allow", read: "allow", external_directory: "allow" },
    mcp: { docs: { type: "local", command: [process.execPath, MCP_SERVER], enabled: true } },
  };
  mkdirSync(join(home, ".config/opencode"), { recursive: true });
  writeFileSync(join(home, ".config/opencode/opencode.json"), JSON.stringify(config));
  return {
    args: [
      "run",
      "--format",
      "json",
      "-m",
      `${provider}/${model}`,
      ...(isNext ? ["--continue"] : []),
      text,
    ],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    },
  };
}

/** With the first question, opencode also asks for a title. */
export const sideRequests = 1;

export function outcome(stdout) {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const failed = events.find(({ type }) => type === "error");
  if (failed) throw new Error(`opencode: ${JSON.stringify(failed.error ?? failed)}`);
  return events.findLast(({ type }) => type === "text")?.part.text;
}

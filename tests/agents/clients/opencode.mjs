/** opencode, which chooses its protocol by the provider's package. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";

export const title = "opencode";
export const protocols = ["chat", "responses", "messages", "google"];

export const program = () => agentProgram("opencode", "opencode");

const TOOLS = {
  shell: (command) => ({ tool: /^bash$/, input: { command, description: "runs a command" } }),
  image: (path) => ({ tool: /^read$/, input: { filePath: path } }),
  lookup: (q) => [[{ tool: /^docs_lookup/, input: { q } }]],
};

/** Without a tool whose name is longer than Google allows: opencode sends it to Google as it is. */
const { lookup: _, ...SHORT_NAMES } = TOOLS;

export const tools = ({ protocol }) => (protocol === "google" ? SHORT_NAMES : TOOLS);

/** By protocol: a provider, its package, which is bundled with opencode, and the path of its address. */
const PROVIDERS = {
  chat: ["gateway", "@ai-sdk/openai-compatible", "/v1"],
  responses: ["openai", "@ai-sdk/openai", "/v1"],
  messages: ["anthropic", "@ai-sdk/anthropic", "/v1"],
  google: ["google", "@ai-sdk/google", "/v1beta"],
};

export function command({ home, url, model, protocol, text, isNext }) {
  const [provider, npm, path] = PROVIDERS[protocol];
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
        options: { baseURL: url + path, apiKey: "client" },
        models: { [model]: known },
      },
    },
    permission: { bash: "allow", read: "allow", external_directory: "allow" },
    mcp: {
      docs: {
        type: "local",
        command: [process.execPath, MCP_SERVER],
        enabled: protocol !== "google",
      },
    },
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

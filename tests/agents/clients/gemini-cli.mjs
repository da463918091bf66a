/** The Gemini CLI, Google's own agent for its protocol. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";
import { withoutSums } from "./shell.mjs";

export const title = "Gemini CLI";
export const protocols = ["google"];

export const program = () => agentProgram("gemini-cli", "gemini");

/** Calls of this agent's tools. */
const TOOLS = {
  shell: (command) => ({
    tool: /^run_shell_command$/,
    input: { command: withoutSums(command), description: "runs a command" },
  }),
  image: (path) => ({ tool: /^read_file$/, input: { file_path: path } }),
};

export const tools = () => TOOLS;

export function prepare({ home }) {
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" } },
    privacy: { usageStatisticsEnabled: false },
    general: { disableAutoUpdate: true },
    mcpServers: { docs: { command: process.execPath, args: [MCP_SERVER], trust: true } },
  };
  mkdirSync(join(home, ".gemini"), { recursive: true });
  writeFileSync(join(home, ".gemini/settings.json"), JSON.stringify(settings));
}

/** @returns The command line: `args`, `env`. */
export function command({ url, text, isNext }) {
  const resume = isNext ? ["--resume", "latest"] : [];
  return {
    args: [
      "-p",
      text,
      "-m",
      "gemini-2.5-pro",
      "--output-format",
      "json",
      "-y",
      "--skip-trust",
      ...resume,
    ],
    env: { GEMINI_API_KEY: "client", GOOGLE_GEMINI_BASE_URL: url },
  };
}

/** The agent's final message; throws if it reports a failure. */
export function outcome(stdout) {
  const result = JSON.parse(stdout.slice(stdout.indexOf("{")));
  if (result.error) throw new Error(`Gemini CLI: ${result.error.message}`);
  return result.response;
}

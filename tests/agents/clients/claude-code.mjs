/** Claude Code. It is not open source, so it is optional and installed only when tests run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";

export const title = "Claude Code";
export const protocols = ["messages"];

export const program = () => agentProgram("claude-code", "claude");

/** Calls of this agent's tools. */
const TOOLS = {
  shell: (command) => ({ tool: /^Bash$/, input: { command, description: "runs a command" } }),
  image: (path) => ({ tool: /^Read$/, input: { file_path: path } }),
  /** MCP tools are deferred: the agent searches for them before it calls them. */
  lookup: (q, { long }) => [
    [{ tool: /^ToolSearch$/, input: { query: `select:mcp__docs__${long}` } }],
    [{ tool: /^mcp__docs__lookup/, input: { q } }],
  ],
};

export const tools = () => TOOLS;

export function prepare({ home }) {
  const servers = { docs: { command: process.execPath, args: [MCP_SERVER] } };
  writeFileSync(join(home, "mcp.json"), JSON.stringify({ mcpServers: servers }));
}

/** @returns The command line: `args`, `env`. */
export function command({ home, url, model, text, isNext }) {
  return {
    args: [
      "-p",
      text,
      "--model",
      model,
      "--output-format",
      "json",
      "--mcp-config",
      join(home, "mcp.json"),
      ...(isNext ? ["--continue"] : []),
      "--allowedTools",
      "Bash",
      "Read",
      "ToolSearch",
      "mcp__docs",
    ],
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: "client",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "0",
    },
  };
}

/** The agent's final message; throws if it reports a failure. */
export function outcome(stdout) {
  const result = JSON.parse(stdout.trim().split("\n").at(-1));
  if (result.is_error) throw new Error(`Claude Code: ${result.result ?? result.subtype}`);
  return result.result;
}

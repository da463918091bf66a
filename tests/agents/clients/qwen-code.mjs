/** Qwen Code. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentOnNewerNode } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";
import { withoutSums } from "./shell.mjs";

export const title = "Qwen Code";
export const protocols = ["chat", "messages"];

export const program = () => agentOnNewerNode("qwen-code", "qwen");

const TOOLS = {
  shell: (command) => ({
    tool: /^run_shell_command$/,
    input: { command: withoutSums(command), is_background: false },
  }),
};

export const tools = () => TOOLS;

export function prepare({ home }) {
  const settings = {
    privacy: { usageStatisticsEnabled: false },
    general: { disableAutoUpdate: true },
    mcpServers: { docs: { command: process.execPath, args: [MCP_SERVER], trust: true } },
  };
  mkdirSync(join(home, ".qwen"));
  writeFileSync(join(home, ".qwen/settings.json"), JSON.stringify(settings));
}

export function command({ url, model, protocol, text, isNext }) {
  const isChat = protocol === "chat";
  return {
    args: [
      "-p",
      text,
      "-m",
      model,
      "--output-format",
      "json",
      "-y",
      ...(isChat ? [] : ["--auth-type", "anthropic"]),
      ...(isNext ? ["--continue"] : []),
    ],
    env: {
      QWEN_CODE_SUPPRESS_YOLO_WARNING: "1",
      OPENAI_API_KEY: "client",
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_MODEL: model,
      ...(!isChat && {
        ANTHROPIC_API_KEY: "client",
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_MODEL: model,
      }),
    },
  };
}

export function outcome(stdout) {
  const events = JSON.parse(stdout);
  const result = events.findLast(({ type }) => type === "result");
  if (!result || result.is_error) throw new Error(`Qwen Code: ${JSON.stringify(result?.error)}`);
  return result.result;
}

/** OpenAI's Codex CLI. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";

export const title = "Codex CLI";
export const protocols = ["responses"];

export const program = () => agentProgram("codex", "codex");

export const tools = {
  shell: (command) => ({ tool: /^exec_command$/, input: { cmd: command } }),
  image: (path) => ({ tool: /^view_image$/, input: { path } }),
  lookup: (q) => [[{ tool: /lookup/, input: { q } }]],
};

export function prepare({ home, url, settings = "" }) {
  writeFileSync(
    join(home, "config.toml"),
    `model_provider = "gateway"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
${settings}
[analytics]
enabled = false
[features]
plugins = false
apps = false
[model_providers.gateway]
name = "gateway"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "GATEWAY_KEY"
request_max_retries = 0
stream_max_retries = 0
[mcp_servers.docs]
command = "${process.execPath}"
args = ["${MCP_SERVER}"]
`,
  );
}

export function command({ home, url, model, text, isNext }) {
  const config = ["-c", `model_providers.gateway.base_url="${url}/v1"`];
  return {
    args: [
      "exec",
      ...(isNext ? ["resume", "--last"] : []),
      "--json",
      "--skip-git-repo-check",
      ...config,
      "-m",
      model,
      text,
    ],
    env: { CODEX_HOME: home, GATEWAY_KEY: "client" },
  };
}

export function outcome(stdout) {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const failed = events.find(({ type }) => type === "turn.failed" || type === "error");
  if (failed) throw new Error(`Codex: ${failed.error?.message ?? failed.message}`);
  const said = events.filter(({ item }) => item?.type === "agent_message");
  return said.at(-1)?.item.text;
}

/** OpenAI's Codex CLI. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";
import { MCP_SERVER } from "../mcp.mjs";

export const title = "Codex CLI";
export const protocols = ["responses"];

export const program = () => agentProgram("codex", "codex");

const PLAIN = {
  shell: (command) => ({ tool: /^exec_command$/, input: { cmd: command } }),
  image: (path) => ({ tool: /^view_image$/, input: { path } }),
  lookup: (q) => [[{ tool: /lookup/, input: { q } }]],
};

/** MCP tools must be searched for before they can be called; files are changed by a patch as free text. */
const SEARCHING = {
  ...PLAIN,
  lookup: (q) => [
    [{ tool: /^tool_search$/, input: { query: "docs looks something up" } }],
    ...PLAIN.lookup(q),
  ],
  patch: (file, text) => ({
    tool: /^apply_patch$/,
    input: { input: `*** Begin Patch\n*** Add File: ${file}\n+${text}\n*** End Patch` },
  }),
};

/** A single tool, which runs a script that calls the others. */
const script = (input) => ({ tool: /^exec$/, input: { input } });
const SCRIPTING = {
  shell: (command) =>
    script(
      `const r = await tools.exec_command({cmd: ${JSON.stringify(command)}}); text(r.output);`,
    ),
  image: (path) =>
    script(`image((await tools.view_image({path: ${JSON.stringify(path)}})).image_url);`),
  lookup: (q, { long }) => [
    [script(`text(await tools.mcp__docs__${long}({q: ${JSON.stringify(q)}}));`)],
  ],
};

/** The tools that Codex offers depend on the model's name. */
export function tools({ model }) {
  if (/^gpt-(5\.[6-9]|[6-9])/.test(model)) return SCRIPTING;
  return model === "gpt-5.5" ? SEARCHING : PLAIN;
}

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

/** `builtIn`: with Codex's built-in provider, which tries a WebSocket first. */
export function command({ home, url, model, text, isNext, builtIn }) {
  const config = builtIn
    ? ["-c", "model_provider=openai", "-c", `openai_base_url="${url}/v1"`]
    : ["-c", `model_providers.gateway.base_url="${url}/v1"`];
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
    env: {
      CODEX_HOME: home,
      GATEWAY_KEY: "client",
      OPENAI_API_KEY: "client",
      CODEX_API_KEY: "client",
    },
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

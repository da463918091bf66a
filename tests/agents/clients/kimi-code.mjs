/** Kimi Code. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentOnNewerNode } from "../../../scripts/tools/agents.mjs";

export const title = "Kimi Code";
export const protocols = ["chat", "responses", "messages"];

export const program = () => agentOnNewerNode("kimi-code", "kimi");

const TOOLS = { shell: (command) => ({ tool: /^Bash$/, input: { command } }) };

export const tools = () => TOOLS;

const TYPES = {
  chat: ["openai", "/v1"],
  responses: ["openai_responses", "/v1"],
  messages: ["anthropic", ""],
};

export function command({ home, url, model, protocol, text, isNext }) {
  const [type, path] = TYPES[protocol];
  mkdirSync(join(home, ".kimi-code"), { recursive: true });
  writeFileSync(
    join(home, ".kimi-code/config.toml"),
    `default_model = "${model}"
telemetry = false
[providers.gateway]
type = "${type}"
base_url = "${url}${path}"
api_key = "client"
[models.${model}]
provider = "gateway"
model = "${model}"
max_context_size = 128000
`,
  );
  return {
    args: ["-p", text, "--output-format", "stream-json", ...(isNext ? ["--continue"] : [])],
    env: {},
  };
}

export function outcome(stdout) {
  const said = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .findLast(({ role, content }) => role === "assistant" && content);
  if (!said) throw new Error("Kimi Code said nothing");
  return typeof said.content === "string"
    ? said.content
    : said.content.flatMap(({ text }) => text ?? []).join("");
}

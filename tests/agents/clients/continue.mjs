/** Continue's command line. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentProgram } from "../../../scripts/tools/agents.mjs";

export const title = "Continue";
export const protocols = ["chat"];

export const program = () => agentProgram("continue", "cn");

const TOOLS = { shell: (command) => ({ tool: /^Bash$/, input: { command } }) };

export const tools = () => TOOLS;

export function command({ home, url, model, text, isNext }) {
  const config = join(home, "config.yaml");
  writeFileSync(
    config,
    `name: gateway
version: 1.0.0
models:
  - name: ${model}
    provider: openai
    model: ${model}
    apiBase: ${url}/v1
    apiKey: client
    roles: [chat]
    capabilities: [tool_use]
`,
  );
  return {
    args: ["-p", "--auto", "--config", config, ...(isNext ? ["--resume"] : []), text],
    env: { CONTINUE_TELEMETRY_ENABLED: "0" },
  };
}

export const outcome = (stdout) => stdout.trim();

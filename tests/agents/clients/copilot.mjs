/** GitHub Copilot CLI. It is not open source, so it is optional and installed only when tests run. */
import { agentProgram } from "../../../scripts/tools/agents.mjs";

export const title = "Copilot CLI";
export const protocols = ["chat", "responses", "messages"];

export const program = () => agentProgram("copilot", "copilot");

const TOOLS = {
  shell: (command) => ({ tool: /^bash$/, input: { command, description: "runs a command" } }),
};

export const tools = () => TOOLS;

export function command({ home, url, model, protocol, text, isNext }) {
  return {
    args: [
      "-p",
      text,
      "--model",
      model,
      "--allow-all-tools",
      "--output-format",
      "json",
      ...(isNext ? ["--continue"] : []),
    ],
    env: {
      XDG_CONFIG_HOME: home,
      COPILOT_OFFLINE: "true",
      COPILOT_AUTO_UPDATE: "false",
      COPILOT_PROVIDER_TYPE: protocol === "messages" ? "anthropic" : "openai",
      COPILOT_PROVIDER_BASE_URL: protocol === "messages" ? url : `${url}/v1`,
      COPILOT_PROVIDER_API_KEY: "client",
      COPILOT_MODEL: model,
      ...(protocol === "responses" && { COPILOT_PROVIDER_WIRE_API: "responses" }),
    },
  };
}

export function outcome(stdout) {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const last = events.at(-1);
  if (last?.exitCode !== 0) throw new Error(`Copilot: ${JSON.stringify(last)}`);
  const said = events.findLast(({ type, data }) => type === "assistant.message" && data.content);
  return said?.data.content;
}

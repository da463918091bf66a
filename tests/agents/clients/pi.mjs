/** pi, which speaks all of the gateway's protocols. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentOnNewerNode } from "../../../scripts/tools/agents.mjs";

export const title = "pi";
export const protocols = ["chat", "responses", "messages", "google"];

export const program = () => agentOnNewerNode("pi", "pi");

const TOOLS = {
  shell: (command) => ({ tool: /^bash$/, input: { command } }),
  image: (path) => ({ tool: /^read$/, input: { path } }),
};

export const tools = () => TOOLS;

const APIS = {
  chat: ["openai-completions", "/v1"],
  responses: ["openai-responses", "/v1"],
  messages: ["anthropic-messages", ""],
  google: ["google-generative-ai", "/v1beta"],
};

/** Settings are read at each start, so that the file is rewritten for another gateway. */
function settings({ home, url, model, protocol }) {
  const [api, path] = APIS[protocol];
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const known = {
    id: model,
    reasoning: true,
    input: ["text", "image"],
    contextWindow: 128_000,
    maxTokens: 8000,
    cost,
  };
  const gateway = { baseUrl: url + path, apiKey: "client", api, models: [known] };
  mkdirSync(join(home, ".pi/agent"), { recursive: true });
  writeFileSync(join(home, ".pi/agent/models.json"), JSON.stringify({ providers: { gateway } }));
}

export function command({ home, url, model, protocol, text, isNext }) {
  settings({ home, url, model, protocol });
  return {
    args: [
      "-p",
      "--mode",
      "json",
      "--provider",
      "gateway",
      "--model",
      model,
      "--thinking",
      "high",
      ...(isNext ? ["--continue"] : []),
      text,
    ],
    env: { PI_OFFLINE: "1", PI_SKIP_VERSION_CHECK: "1" },
  };
}

export function outcome(stdout) {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const end = events.findLast(({ type }) => type === "agent_end");
  const said = end?.messages.findLast(({ role }) => role === "assistant");
  if (said?.stopReason !== "stop") {
    throw new Error(`pi: ${said?.errorMessage ?? said?.stopReason ?? events.at(-1)?.type}`);
  }
  return said.content.flatMap(({ text }) => text ?? []).join("");
}

/**
 * Real agents through the real Envoy, against fake vendors that reject what the real ones reject. An agent that
 * recovers after a rejection does not pass, because the requests that reach a vendor are counted; but a rejection
 * that no table foresaw must reach it in words after which it recovers.
 */
import { after, before, describe, it } from "node:test";
import { stopAll } from "../e2e/support.mjs";
import * as claudeCode from "./clients/claude-code.mjs";
import * as codex from "./clients/codex.mjs";
import * as geminiCli from "./clients/gemini-cli.mjs";
import * as opencode from "./clients/opencode.mjs";
import * as pi from "./clients/pi.mjs";
import * as qwenCode from "./clients/qwen-code.mjs";
import { startGateway } from "./gateway.mjs";
import { runSession } from "./run.mjs";
import { StrictVendors } from "./vendors.mjs";

/** Claims that a model takes what the vendor refuses. */
const WRONG_FEATURES = {
  modelFeatures: [{ models: "*", systemMessages: "keep", efforts: ["low", "medium", "high"] }],
};

/**
 * `at`: vendors and models, the second for all parts after the first. `thoughts`: how many the agent sends back.
 * `refused`: rules that it breaks before it recovers.
 */
const SESSIONS = [
  { client: claudeCode, at: ["groq openai/gpt-oss-120b"], parts: ["work", "stop", "after"] },
  {
    client: claudeCode,
    at: ["bedrock us.anthropic.claude-opus-4-7", "claude claude-opus-5"],
    parts: ["work", "next", "full", "after"],
    thoughts: 5,
    picture: true,
  },
  {
    client: claudeCode,
    at: ["moonshot kimi-k2.6", "claude claude-opus-4-7"],
    parts: ["work", "next"],
    thoughts: 5,
    picture: true,
  },
  {
    client: claudeCode,
    at: ["gemini gemini-3-pro-preview"],
    parts: ["work", "next", "full", "after"],
    thoughts: 5,
    picture: true,
  },
  {
    client: claudeCode,
    at: ["openai gpt-5.6-terra", "deepseek deepseek-v4"],
    parts: ["work", "next"],
    picture: true,
  },
  { client: claudeCode, at: ["mistral mistral-large-4"], parts: ["work", "cut", "after"] },
  {
    client: claudeCode,
    at: ["nvidia meta/llama-3.3-70b-instruct"],
    provider: WRONG_FEATURES,
    parts: ["recovers"],
    refused: ["system first"],
  },
  {
    client: claudeCode,
    at: ["groq llama-3.3-70b-versatile"],
    provider: WRONG_FEATURES,
    parts: ["recovers"],
    refused: ["reasoning_effort"],
  },
  {
    client: codex,
    at: ["deepseek deepseek-v4", "bedrock us.anthropic.claude-opus-4-7"],
    parts: ["work", "next", "stop", "after"],
    thoughts: 4,
  },
  {
    client: codex,
    model: "gpt-5.5",
    at: ["bedrock us.anthropic.claude-opus-4-7"],
    parts: ["work", "next"],
    picture: true,
  },
  {
    client: codex,
    model: "gpt-5.6-terra",
    at: ["gemini gemini-3-pro-preview"],
    parts: ["work", "next"],
    thoughts: 4,
  },
  {
    client: codex,
    model: "gpt-5.5",
    builtIn: true,
    at: ["openai gpt-5.5", "moonshot kimi-k2.6"],
    parts: ["work", "next", "compact"],
    thoughts: 6,
  },
  {
    client: codex,
    at: ["claude claude-sonnet-4-5"],
    parts: ["work", "cut", "after", "compact"],
  },
  { client: pi, protocol: "chat", at: ["mistral mistral-large-4"], parts: ["work", "next"] },
  {
    client: pi,
    protocol: "responses",
    at: ["zhipuai glm-5.2"],
    parts: ["work", "next"],
    thoughts: 3,
  },
  {
    client: pi,
    protocol: "messages",
    at: ["bedrock us.anthropic.claude-opus-4-7"],
    parts: ["work", "next"],
    thoughts: 3,
    picture: true,
  },
  { client: geminiCli, at: ["claude claude-opus-4-7"], parts: ["work", "next"] },
  { client: geminiCli, at: ["openai gpt-5"], parts: ["work"] },
  { client: codex, at: ["grok grok-4.3"], parts: ["work", "next"] },
  {
    client: opencode,
    protocol: "chat",
    at: ["groq llama-3.3-70b-versatile"],
    parts: ["work"],
    picture: true,
  },
  { client: qwenCode, protocol: "chat", at: ["mistral mistral-large-4"], parts: ["work"] },
].map((session, index) => ({ name: `s${index}`, model: "some-model", ...session }));

const waysOf = ({ name, at, provider }) =>
  at.map((where) => {
    const [destination, model] = where.split(" ");
    return { session: name, destination, model, provider };
  });

const titleOf = ({ client, model, protocol, builtIn, at, refused }) =>
  [
    client.title,
    protocol,
    model,
    builtIn && "built-in provider",
    "at",
    at.join(", then "),
    refused && "recovers",
  ]
    .filter(Boolean)
    .join(" ");

describe("agents", { concurrency: 2 }, () => {
  let vendors;
  let gateway;

  before(async () => {
    vendors = await StrictVendors.start();
    gateway = await startGateway(vendors.port, SESSIONS.flatMap(waysOf));
  });
  after(() => stopAll(gateway, vendors));

  for (const session of SESSIONS) {
    it(titleOf(session), async (test) => {
      const { fault } = session.client.program();
      if (fault) return test.skip(fault);
      const urls = waysOf(session).map((way) => gateway.urlOf(way.session, way.destination));
      await runSession({ vendors, urls, ...session });
    });
  }
});

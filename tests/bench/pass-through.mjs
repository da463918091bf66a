/**
 * The cost of passing requests of Anthropic's clients to vendors that speak their protocol, compared with chats at
 * the type `openai`: bodies of 1 and 100 KB, and a stream of 200 events.
 */
import { step } from "../../scripts/tools/console.mjs";
import { setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { measure, median, ROUNDS, SCALE, start, table, upstream } from "./harness.mjs";

const OPENAI = "openai, chats";
const MODEL = "anthropic.claude-opus-4-5";
const text = (size) => "All work and no play makes Jack a dull boy. ".repeat(size / 44);
const message = (size, members) =>
  JSON.stringify({
    model: MODEL,
    max_tokens: 100,
    messages: [{ role: "user", content: text(size) }],
    ...members,
  });
const SCENARIOS = {
  "1 KB JSON": { body: message(900), count: 1500 },
  "100 KB JSON": { body: message(100_000), count: 300 },
  "200-event SSE": { body: message(900, { stream: true }), count: 120 },
};
const KEY = { apiTokens: ["k"] };
const PROVIDERS = {
  "claude, messages": { type: "claude", ...KEY },
  "vertex, messages": { type: "vertex", ...KEY, modelMapping: { "*": "claude-opus-4-5" } },
  "bedrock-mantle, messages": {
    type: "bedrock",
    ...KEY,
    awsRegion: "us-east-1",
    providerDomain: "bedrock-mantle.us-east-1.api.aws",
  },
  "bedrock invoke, messages": {
    type: "bedrock",
    ...KEY,
    awsRegion: "us-east-1",
    capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" },
  },
  "claude, messages, promptCaching auto": {
    type: "claude",
    ...KEY,
    promptCaching: { mode: "auto" },
  },
};
const HEADERS = { ":path": "/v1/messages", "x-api-key": "client" };
/** Bedrock's streams are in AWS' event stream format, which the fake upstream does not write. */
const isLeftOut = (name, scenario) => name.includes("invoke") && scenario.includes("SSE");

/** Added microseconds of Envoy's CPU by scenario and provider. */
export async function measurePassThrough() {
  step("requests that pass natively");
  const none = await start("pass-none", []);
  const targets = { [OPENAI]: await start("pass-openai", ["ai-proxy"]) };
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    const file = `pass-${name.replaceAll(/\W+/g, "-")}`;
    targets[name] = await start(file, ["ai-proxy"], (config) =>
      setPlugin(config, "ai-proxy", { provider }),
    );
  }
  const added = {};
  for (const [scenario, { body, count }] of Object.entries(SCENARIOS)) {
    const samples = {};
    const requests = Math.ceil(count * SCALE);
    const names = Object.keys(targets).filter((name) => !isLeftOut(name, scenario));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ["none", ...names]) {
        const isNone = name === "none";
        const headers = isNone || name === OPENAI ? {} : HEADERS;
        const target = isNone ? none : targets[name];
        const { cpu } = await measure(target, () => body, requests, null, headers);
        // The first round warms up.
        if (round > 0) (samples[name] ??= []).push(cpu);
      }
    }
    const base = median(samples.none);
    added[scenario] = Object.fromEntries(names.map((name) => [name, median(samples[name]) - base]));
  }
  for (const [scenario, row] of Object.entries(added)) {
    table(
      [`${scenario}, passed natively`, "added us of Envoy CPU", "of the openai row"],
      Object.entries(row).map(([name, value]) => [
        name,
        value.toFixed(1),
        `${(value / row[OPENAI]).toFixed(2)} x`,
      ]),
    );
  }
  await Promise.all([none, ...Object.values(targets)].map(({ child }) => child.stop()));
  return added;
}

/** `BENCH_PASS=1 node tests/bench/pass-through.mjs` runs only this benchmark. */
if (process.env.BENCH_PASS) {
  await measurePassThrough();
  await upstream.stop();
  process.exit(0);
}

/** The cost of translating a stream of 200 events, compared with passing it through and with the Go plugin. */
import { step } from "../../scripts/tools/console.mjs";
import { setPlugin, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { measure, median, ROUNDS, SCALE, start, table } from "./harness.mjs";

const REQUESTS = Math.ceil(120 * SCALE);
const CHAT = JSON.stringify({
  model: "gpt-4",
  stream: true,
  messages: [{ role: "user", content: "All work and no play makes Jack a dull boy. ".repeat(20) }],
});
const MESSAGE = JSON.stringify({ ...JSON.parse(CHAT), max_tokens: 100 });
const { messages, ...settings } = JSON.parse(CHAT);
const RESPONSE = JSON.stringify({ ...settings, input: messages[0].content });
const MESSAGES_PATH = "/v1/messages";
const RESPONSES_PATH = "/v1/responses";

/** `go`: the Go plugin's file; null without it. */
export async function measureConversion(go) {
  step("translated streams");
  const claude = (config) =>
    setPlugin(config, "ai-proxy", { provider: { type: "claude", apiTokens: ["k"] } });
  const responses = (config) =>
    setPlugin(config, "ai-proxy", {
      provider: { type: "openai", apiTokens: ["k"], responsesAsChat: true },
    });
  const variants = {
    "no filter": [await start("conversion-none", []), CHAT],
    "OpenAI client, OpenAI provider": [await start("conversion-pass", ["ai-proxy"]), CHAT],
    "OpenAI client, claude": [await start("conversion-claude", ["ai-proxy"], claude), CHAT],
    "Anthropic client, OpenAI provider": [
      await start("conversion-messages", ["ai-proxy"]),
      MESSAGE,
      MESSAGES_PATH,
    ],
    "Responses client, OpenAI provider": [
      await start("conversion-responses", ["ai-proxy"], responses),
      RESPONSE,
      RESPONSES_PATH,
    ],
  };
  if (go) {
    const load = (config) => {
      wasmFilters(config)["ai-proxy"].vm_config.code.local.filename = go;
    };
    variants["Go: Anthropic client, OpenAI provider"] = [
      await start("conversion-go", ["ai-proxy"], load),
      MESSAGE,
      MESSAGES_PATH,
    ];
  }
  const samples = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, [target, body, path]] of Object.entries(variants)) {
      const headers = path ? { ":path": path } : {};
      const { cpu } = await measure(target, () => body, REQUESTS, null, headers);
      // The first round warms up.
      if (round > 0) (samples[name] ??= []).push(cpu);
    }
  }
  const base = median(samples["no filter"]);
  const added = Object.fromEntries(
    Object.entries(samples).map(([name, list]) => [name, median(list) - base]),
  );
  table(
    ["200-event SSE, translated", "added us of Envoy CPU"],
    Object.entries(added).map(([name, value]) => [name, value.toFixed(0)]),
  );
  await Promise.all(Object.values(variants).map(([target]) => target.child.stop()));
  return added;
}

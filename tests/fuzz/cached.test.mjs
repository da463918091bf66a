/**
 * ai-cache with mutated answers of Anthropic's messages and of the Responses API: what is stored is
 * JSON, and what is replayed as a stream is made of JSON events.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import claude from "../fixtures/dialects/claude.mjs";
import { exchange, plugin } from "../module/support.mjs";
import { mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
const SEED = Number(process.env.FUZZ_SEED || 1);

const part = { type: "output_text", annotations: [{ type: "x" }], logprobs: [], text: 'a "b" é' };
const response = {
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  output: [
    {
      id: "rs",
      type: "reasoning",
      summary: [{ type: "summary_text", text: "s" }],
      content: [{ type: "reasoning_text", text: "t" }],
    },
    { id: "m", type: "message", status: "completed", role: "assistant", content: [part] },
    { id: "f", type: "function_call", call_id: "c", name: "f", arguments: '{"a":1}' },
  ],
  usage: { input_tokens: 1, output_tokens: 2 },
};
const PROTOCOLS = {
  "/v1/responses": {
    request: { model: "m", input: "q" },
    whole: response,
    stream: `event: response.completed\ndata: ${JSON.stringify({ type: "response.completed", response })}\n\n`,
  },
  "/v1/messages": {
    request: { model: "m", max_tokens: 5_000_000, messages: [{ role: "user", content: "q" }] },
    whole: claude.wholes["thinking and two calls"][0],
    stream: claude.streams["thinking and two calls"][0],
  },
};

describe(`fuzzing cached answers for ${SECONDS} s each from seed ${SEED}`, () => {
  for (const [path, { request, whole, stream }] of Object.entries(PROTOCOLS)) {
    it(path, () => {
      const end = Date.now() + SECONDS * 1000;
      const cache = plugin("ai-cache", {});
      let hits = 0;
      for (let seed = SEED; Date.now() < end || seed < SEED + 200; seed++) {
        const random = new Random(seed);
        const isStream = random.chance(0.5);
        const good = Buffer.from(isStream ? stream : JSON.stringify(whole));
        const ask = (members, answer) => {
          const body = JSON.stringify({ ...request, user: String(seed), top_k: seed, ...members });
          const upstream = () => ({
            headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
            chunks: [answer ?? "{}"],
          });
          return exchange([cache], { path, body }, upstream);
        };
        try {
          const first = ask({ stream: isStream }, mutate(random, good));
          if (first.attribute("ai_cache_store") !== "stored") continue;
          const again = ask({ stream: false });
          if (!again.attribute("ai_cache").startsWith("hit")) continue;
          hits++;
          JSON.parse(again.text);
          const streamed = ask({ stream: true });
          if (!streamed.attribute("ai_cache").startsWith("hit")) continue;
          for (const event of streamed.text.split("\n\n").filter(Boolean))
            JSON.parse(/^event: [\w.]+\ndata: (.*)$/.exec(event)[1]);
        } catch (error) {
          error.message = `FUZZ_SEED=${seed}: ${error.message}`;
          throw error;
        }
      }
      assert.ok(hits > 0, "some mutated answers are still good ones");
    });
  }
});

/**
 * Requests of agents with places changed and bytes mutated, at vendors for which they are made to fit in their
 * own words, by names of tools, or by a chat: nothing traps, and what was JSON goes out as JSON. Answers with
 * calls in any order stay streams of OpenAI's.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { chatBody, exchange, plugin } from "../module/support.mjs";
import { misplace, mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
const SEED = Number(process.env.FUZZ_SEED || 1);
const FOLDER = join(ROOT, "tests/fixtures/agents");
const requests = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")))
  .filter(({ method, body }) => method === "POST" && body);
const LONG = "lookup.".repeat(12);
const tools = [LONG, "plain"].map((name) => ({ type: "function", function: { name } }));

const PROVIDERS = {
  "claude, to another model": { type: "claude", modelMapping: { "*": "claude-sonnet-4-5" } },
  "claude, to today's model": { type: "claude", modelMapping: { "*": "claude-opus-5" } },
  deepseek: { type: "deepseek" },
  groq: { type: "groq" },
  openrouter: { type: "openrouter", modelMapping: { "*": "anthropic/claude-opus-4.7" } },
  cohere: { type: "cohere" },
  openai: { type: "openai", modelMapping: { "*": "gpt-5.6-terra" } },
};

const run = (what, step) =>
  it(what, () => {
    const end = Date.now() + SECONDS * 1000;
    for (let seed = SEED; Date.now() < end || seed < SEED + 100; seed++) {
      try {
        step(new Random(seed));
      } catch (error) {
        error.message = `FUZZ_SEED=${seed}: ${error.message}`;
        throw error;
      }
    }
  });

describe(`fuzzing agents for ${SECONDS} s each from seed ${SEED}`, () => {
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });

    run(`requests to ${name}`, (random) => {
      const { path, headers, body } = random.pick(requests);
      const changed = misplace(random, body);
      if (random.chance(0.3) && Array.isArray(changed?.messages)) changed.tools = tools;
      const isWhole = random.chance(0.7);
      const text = Buffer.from(JSON.stringify(changed));
      const stream = exchange(
        [proxy],
        { path, headers, body: isWhole ? text : mutate(random, text) },
        (request) => {
          if (isWhole) JSON.parse(request.body.toString());
          return { headers: { "content-type": "application/json" }, chunks: ["{}"] };
        },
      );
      assert.equal(stream.trap, undefined);
    });
  }

  const chunk = (calls, finish_reason = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: calls }, finish_reason }] })}\n\n`;
  for (const provider of [
    { type: "ollama", ollamaServerHost: "ollama.internal" },
    { type: "groq" },
  ]) {
    const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });

    run(`calls in answers of ${provider.type}`, (random) => {
      let told = "f";
      const pick = (...values) => random.pick(values);
      const one = () => ({
        index: pick(0, 0, 1, 2, -1, "0", undefined),
        id: pick("a", "b", "", undefined, null),
        function: pick(
          { name: told, arguments: pick("", "{", "}", '{"x":1}', { x: 1 }, null) },
          { arguments: pick("{", '"x"', ":1}") },
          { name: "" },
          null,
        ),
      });
      const stream = exchange(
        [proxy],
        { body: chatBody("hi", { stream: true, tools }) },
        (request) => {
          told = JSON.parse(request.body).tools[0].function.name;
          const events = Array.from({ length: 1 + random.below(6) }, () =>
            chunk(Array.from({ length: 1 + random.below(3) }, one)),
          );
          let answer = Buffer.from([...events, "data: [DONE]\n\n"].join(""));
          const isWhole = random.chance(0.7);
          if (!isWhole) answer = mutate(random, answer);
          return { headers: { "content-type": "text/event-stream" }, chunks: [answer] };
        },
      );
      assert.equal(stream.trap, undefined);
      for (const event of stream.text.split("\n\n")) {
        // What mutation has left no whole line of data is no event.
        const [, data] = /^data: (\{"choices"[^\r\n\ufffd]*)$/.exec(event) ?? [];
        if (data === undefined) continue;
        let value;
        try {
          value = JSON.parse(data);
        } catch {
          continue;
        }
        for (const call of value.choices[0]?.delta?.tool_calls ?? []) {
          if (told !== LONG) assert.notEqual(call?.function?.name, told);
        }
      }
    });
  }
});

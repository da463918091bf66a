/**
 * APIs beside chats with mutated requests and answers: nothing traps, what goes upstream and what
 * reaches a client is JSON.
 */
import { describe, it } from "node:test";
import { EMBEDDINGS } from "../fixtures/embeddings.mjs";
import { allowLog, exchange, plugin } from "../module/support.mjs";
import { mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
const SEED = Number(process.env.FUZZ_SEED || 1);

const cases = Object.fromEntries(
  Object.entries(EMBEDDINGS).map(([type, { config, model, extra, answer }]) => [
    type,
    {
      config,
      path: "/v1/embeddings",
      body: { model, input: ["a", "b"], dimensions: 3, encoding_format: "base64", ...extra },
      answer,
    },
  ]),
);
cases.kling = {
  path: "/v1/videos",
  body: { model: "m", prompt: "p", image: "http://x/y.png" },
  answer: { code: 0, message: "SUCCEED", task_id: "1", data: { task_id: "867" } },
};

cases["images of gemini"] = {
  type: "gemini",
  path: "/v1/images/generations",
  body: { model: "m", prompt: "p", n: 2, size: "1536x1024" },
  answer: { predictions: [{ bytesBase64Encoded: "QQ==" }] },
};

describe(`fuzzing other APIs for ${SECONDS} s each from seed ${SEED}`, () => {
  for (const [name, { type = name, config, path, body, answer }] of Object.entries(cases)) {
    it(name, () => {
      const proxy = plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...config } });
      const end = Date.now() + SECONDS * 1000;
      for (let seed = SEED; Date.now() < end || seed < SEED + 200; seed++) {
        try {
          const random = new Random(seed);
          const isRequest = random.chance(0.5);
          const json = (value) => Buffer.from(JSON.stringify(value));
          let sent = null;
          const upstream = (request) => {
            sent = request.body;
            const chunks = [isRequest ? json(answer) : mutate(random, json(answer))];
            return { headers: { "content-type": "application/json" }, chunks };
          };
          const asked = isRequest ? mutate(random, json(body)) : json(body);
          const stream = exchange([proxy], { path, body: asked }, upstream);
          if (sent !== null) JSON.parse(sent);
          if (stream.text) JSON.parse(stream.text);
        } catch (error) {
          error.message = `FUZZ_SEED=${seed}: ${error.message}`;
          throw error;
        }
      }
    });
  }

  it("paths of videos", () => {
    allowLog(/^path .* refused/);
    const proxy = plugin("ai-proxy", { provider: { type: "kling", apiTokens: ["k"] } });
    const good = Buffer.from("kling-i2v-867?kling_task_type=i2v&x=1&kling_task_type=t2v");
    const end = Date.now() + SECONDS * 1000;
    for (let seed = SEED; Date.now() < end || seed < SEED + 200; seed++) {
      const tail = mutate(new Random(seed), good).toString("latin1");
      const upstream = () => ({ headers: { "content-type": "application/json" }, chunks: ["{}"] });
      exchange([proxy], { method: "GET", path: `/v1/videos/${tail}` }, upstream);
    }
  });
});

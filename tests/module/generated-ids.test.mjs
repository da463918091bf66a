/** Vendors whose answers have no identifier or no model: clients get a generated one, and the mapped model. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exchange, jsonUpstream, plugin } from "./support.mjs";

/** What vendors answer that leave both out; of Google's API `responseId` and `modelVersion` are optional. */
const VENDORS = {
  gemini: {
    json: {
      candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
    },
    events: ["Hi", " there"].map((text, i) => ({
      candidates: [
        { content: { role: "model", parts: [{ text }] }, ...(i === 1 && { finishReason: "STOP" }) },
      ],
    })),
  },
  openai: {
    json: {
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
    },
    events: [
      { choices: [{ index: 0, delta: { role: "assistant", content: "Hi" } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    ],
  },
};
const messages = [{ role: "user", content: "Hello" }];
const CLIENTS = {
  chat: {
    path: "/v1/chat/completions",
    body: { model: "m", messages },
    id: /^[\w-]{8,}$/,
    named: (event) => [event.id, event.model],
  },
  messages: {
    path: "/v1/messages",
    body: { model: "m", max_tokens: 9, messages },
    id: /^msg_[\w-]{8,}$/,
    named: (event) => {
      const message = event.type === "message" ? event : event.message;
      return message && [message.id, message.model];
    },
  },
  responses: {
    path: "/v1/responses",
    body: { model: "m", input: "Hello" },
    id: /^resp_[\w-]{8,}$/,
    named: (event) => {
      const response = event.object === "response" ? event : event.response;
      return response && [response.id, response.model];
    },
  },
};

/** The vendors whose answers are translated for a client. */
const isTranslated = (vendor, client) => vendor !== "openai" || client === "messages";

for (const [vendor, { json, events }] of Object.entries(VENDORS)) {
  describe(`answers of ${vendor} without an identifier and a model`, () => {
    const start = () =>
      plugin("ai-proxy", {
        provider: { type: vendor, apiTokens: ["k"], modelMapping: { m: "mapped-model" } },
      });
    for (const [client, { path, body, id, named }] of Object.entries(CLIENTS)) {
      if (!isTranslated(vendor, client)) continue;
      it(`${client}: have both`, () => {
        const proxy = start();
        const ask = () =>
          exchange([proxy], { path, body: JSON.stringify(body) }, jsonUpstream(json));
        const [one, other] = [named(ask().json), named(ask().json)];
        assert.match(one[0], id);
        assert.equal(one[1], "mapped-model");
        assert.notEqual(one[0], other[0]);
      });

      it(`${client}: have the same ones in every event of a stream`, () => {
        const upstream = () => ({
          headers: { "content-type": "text/event-stream" },
          chunks: [
            ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`),
            "data: [DONE]\n\n",
          ],
        });
        const request = { path, body: JSON.stringify({ ...body, stream: true }) };
        const { text } = exchange([start()], request, upstream);
        const found = [...text.matchAll(/^data: (\{.*)$/gm)]
          .map(([, data]) => JSON.parse(data))
          .map(named)
          .filter((pair) => pair !== undefined);
        assert.ok(found.length > 0);
        assert.match(found[0][0], id);
        for (const pair of found) assert.deepEqual(pair, [found[0][0], "mapped-model"]);
      });
    }
  });
}

/** What parsers and encoders keep of answers that stream: bounded, counted, and never silently cut. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import { chatBody, CREDENTIAL, exchange, plugin } from "./support.mjs";

const KIB = 1 << 10;
const MIB = 1 << 20;

const CLIENTS = {
  openai: {
    path: "/v1/chat/completions",
    body: chatBody("q", { stream: true }),
    /** The error that ends a stream; undefined for none. */
    error: (text) => events(text).findLast((event) => event.error)?.error,
  },
  anthropic: {
    path: "/v1/messages",
    body: JSON.stringify({
      model: "m",
      max_tokens: 9,
      stream: true,
      messages: [{ role: "user", content: "q" }],
    }),
    error: (text) => events(text).find((event) => event.type === "error")?.error,
  },
  responses: {
    path: "/v1/responses",
    body: JSON.stringify({ model: "m", stream: true, input: "q" }),
    error: (text) => events(text).find((event) => event.type === "error"),
  },
};

const events = (text) =>
  [...text.matchAll(/^data: (.*)$/gm)]
    .filter(([, data]) => data !== "[DONE]")
    .map(([, data]) => JSON.parse(data));

const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const call = (index, members) => chunk({ tool_calls: [{ index, ...members }] });
const begin = (index, id = `call_${index}`, name = "f") =>
  call(index, { id, type: "function", function: { name, arguments: "" } });
const piece = (index, text) => call(index, { function: { arguments: text } });

const streamed = (chunks) => () => ({ headers: { "content-type": "text/event-stream" }, chunks });
const proxy = (type, members = {}) =>
  plugin("ai-proxy", { provider: { type, apiTokens: ["k"] }, ...members });

describe("an answer that an encoder has to keep", () => {
  const HOSTILE = {
    "arguments of a call that waits": [
      begin(0),
      begin(1),
      ...Array(48).fill(piece(1, "x".repeat(MIB))),
    ],
    "names of calls that wait": [
      begin(0),
      ...Array.from({ length: 48 }, (_, i) => begin(i + 1, `${i}`, "n".repeat(MIB))),
    ],
    "words and thoughts by turns": Array(30_000).fill(
      chunk({ content: "a" }) + chunk({ reasoning_content: "b" }),
    ),
    "a text": Array(48).fill(chunk({ content: "x".repeat(MIB) })),
  };
  for (const name of ["anthropic", "responses"]) {
    const client = CLIENTS[name];
    for (const [what, chunks] of Object.entries(HOSTILE)) {
      it(`${what}: ends with an error of ${name}, or is translated as it comes`, () => {
        const filter = proxy("stepfun");
        const all = [...chunks, chunk({}, "stop"), "data: [DONE]\n\n"];
        const stream = exchange([filter], client, streamed(all));
        assert.equal(stream.trap, undefined);
        assert.equal(stream.received.status, 200);
        const error = client.error(stream.text);
        const size = stream.text.length;
        if (error === undefined) assert.ok(size > chunks.join("").length / 2, "nothing is lost");
        else assert.match(error.message, /too large/);
        if (name === "responses" || what.includes("wait")) assert.ok(error, "more than is kept");
        assert.ok(filter.vm.memoryBytes < 160 * MIB, `${filter.vm.memoryBytes / MIB} MiB`);
        const next = exchange([filter], client, streamed([chunk({ content: "x" }, "stop")]));
        assert.equal(client.error(next.text), undefined, "the worker lives");
      });
    }
  }

  it("below the limit is translated whole, however calls are mixed", () => {
    const filter = proxy("stepfun");
    const mixed = [];
    for (let i = 0; i < 100; i++) mixed.push(piece(1, "b".repeat(KIB)), piece(0, "a".repeat(KIB)));
    const chunks = [begin(0), begin(1), ...mixed, chunk({}, "tool_calls"), "data: [DONE]\n\n"];
    const stream = exchange([filter], CLIENTS.anthropic, streamed(chunks));
    const told = ["", ""];
    for (const event of events(stream.text)) {
      if (event.delta?.partial_json) told[event.index] += event.delta.partial_json;
    }
    assert.deepEqual(told, ["a".repeat(100 * KIB), "b".repeat(100 * KIB)]);
  });
});

describe("events that do not end", () => {
  const open = (filter, client) => {
    const stream = new Stream([filter], () => null).sendHeaders({
      ":method": "POST",
      ":path": client.path,
      ":authority": "gateway.example",
      "content-type": "application/json",
      ...CREDENTIAL,
    });
    stream.sendBody(client.body, true);
    stream.beginResponse(200, { "content-type": "text/event-stream" });
    return stream;
  };

  for (const [name, client] of Object.entries(CLIENTS)) {
    // Of claude's protocol for its own client nothing is changed.
    const type = name === "anthropic" ? "gemini" : "claude";
    it(`count against the budget, and end with an error of ${name} when it is spent`, () => {
      const filter = proxy(type, { maxBufferedBytes: 4 * MIB });
      const line = Buffer.from("x".repeat(64 * KIB));
      const streams = Array.from({ length: 8 }, () => open(filter, client));
      for (const stream of streams) {
        stream.sendChunk("data: ");
        for (let i = 0; i < 24; i++) stream.sendChunk(line);
      }
      const ended = streams.filter((stream) => client.error(stream.text));
      assert.ok(ended.length >= 5 && ended.length < 8, `${ended.length} of 8`);
      for (const stream of ended) {
        assert.match(client.error(stream.text).message, /larger than the limit/);
        const before = stream.text;
        stream.sendChunk("more of it\n\n");
        stream.endResponse();
        assert.equal(stream.text, before, "nothing follows the error");
      }
      for (const stream of streams) stream.abort();
      const after = open(filter, client);
      after.sendChunk("data: ");
      for (let i = 0; i < 24; i++) after.sendChunk(line);
      assert.equal(client.error(after.text), undefined, "the budget was given back");
    });
  }
});

/** Bodies that end with trailers, as HTTP/2 allows: nothing is lost, in either direction. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  eventData,
  exchange,
  plugin,
  SharedData,
  streamedText,
} from "./support.mjs";

const TRAILERS = { "x-end": "1" };
const H2 = { properties: { "request.protocol": "HTTP/2" } };
const GEMINI = { type: "gemini", apiTokens: ["k"] };
const OPENAI = { type: "openai", apiTokens: ["k"] };

const part = (text, members = {}) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...members }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
  modelVersion: "gemini-x",
  responseId: "r1",
});
const geminiAnswer = (text) => JSON.stringify(part(text, { finishReason: "STOP" }));
const geminiEvents = (texts) => [
  ...texts.map((text) => `data: ${JSON.stringify(part(text))}\r\n\r\n`),
  `data: ${JSON.stringify(part("!", { finishReason: "STOP" }))}\r\n\r\n`,
];
/** A body in pieces of `size` bytes. */
const cut = (body, size) => {
  const bytes = Buffer.from(body);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
};

for (const build of BUILDS) {
  describe(`trailers behind an answer (${build})`, () => {
    const proxies = new Map();
    const shared = new SharedData();
    const proxyOf = (provider) => {
      const key = JSON.stringify(provider);
      if (!proxies.has(key)) proxies.set(key, plugin("ai-proxy", { provider }, { build, shared }));
      return proxies.get(key);
    };
    const ask = (provider, answer, { members, path, type = "application/json", cache } = {}) => {
      const { headers, ...rest } = answer;
      const upstream = () => ({
        headers: { "content-type": type, ...headers },
        trailers: TRAILERS,
        ...rest,
      });
      const chain = [...(cache ? [cache] : []), proxyOf(provider)];
      const body =
        path === "/v1/messages"
          ? JSON.stringify({
              model: "m",
              max_tokens: 9,
              messages: [{ role: "user", content: "q" }],
              ...members,
            })
          : chatBody("q", members);
      const stream = exchange(chain, { body, path }, upstream);
      assert.equal(stream.received.ended, true, "the client is not left waiting");
      return stream;
    };

    for (const size of [5, 1e9]) {
      for (const told of ["nothing", "content-length", "trailer"]) {
        const answer = (body) => ({
          chunks: cut(body, size),
          headers: {
            ...(told === "content-length" ? { "content-length": String(body.length) } : {}),
            ...(told === "trailer" ? { trailer: "x-end" } : {}),
          },
        });

        it(`leaves a translated answer whole (${told} told, pieces of ${size})`, () => {
          const stream = ask(GEMINI, answer(geminiAnswer("Hello")));
          assert.equal(stream.received.status, 200);
          assert.equal(stream.json.choices[0].message.content, "Hello");
          assert.equal(stream.received.headers.get("content-type"), "application/json");
          const long = "long ".repeat(30_000);
          assert.equal(
            ask(GEMINI, answer(geminiAnswer(long))).json.choices[0].message.content,
            long,
          );
          const message = ask(GEMINI, answer(geminiAnswer("Hello")), { path: "/v1/messages" });
          assert.equal(message.json.content[0].text, "Hello");
        });

        it(`leaves errors whole (${told} told, pieces of ${size})`, () => {
          const error = JSON.stringify({ error: { code: 400, message: "no such model" } });
          for (const provider of [GEMINI, OPENAI]) {
            const json = ask(provider, { status: 400, ...answer(error) });
            assert.equal(json.received.status, 400);
            assert.equal(json.json.error.message, "no such model");
            const html = ask(
              provider,
              { status: 500, ...answer("<html>internal error</html>") },
              { type: "text/html" },
            );
            assert.equal(html.received.status, 500);
            assert.match(html.json.error.message, /status 500/);
            const text = ask(
              provider,
              { status: 429, ...answer("slow down") },
              { type: "text/plain" },
            );
            assert.equal(text.received.status, 429);
            assert.equal(text.json.error.message, "slow down");
          }
          const anthropic = ask(
            GEMINI,
            { status: 400, ...answer(error) },
            { path: "/v1/messages" },
          );
          assert.equal(anthropic.json.type, "error");
          assert.equal(anthropic.json.error.message, "no such model");
        });

        it(`ends a stream (${told} told, pieces of ${size})`, () => {
          const events = geminiEvents(["Hel", "lo"]).join("");
          const stream = ask(
            GEMINI,
            { ...answer(events) },
            { members: { stream: true }, type: "text/event-stream" },
          );
          assert.equal(streamedText(stream.text), "Hello!");
          const data = eventData(stream.text);
          assert.equal(data.at(-1), "[DONE]");
          assert.equal(data.at(-3).choices[0].finish_reason, "stop");
          assert.equal(data.at(-2).usage.prompt_tokens, 3);
          const message = ask(
            GEMINI,
            { ...answer(events) },
            { path: "/v1/messages", members: { stream: true }, type: "text/event-stream" },
          );
          assert.match(message.text, /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
          const openai = ask(
            OPENAI,
            { ...answer(completionEvents(["a", "b"], { done: false }).join("")) },
            { path: "/v1/messages", members: { stream: true }, type: "text/event-stream" },
          );
          assert.match(openai.text, /event: message_stop\n/);
        });
      }
    }

    it("keeps no piece of a stream back before its end", () => {
      const proxy = proxyOf(GEMINI);
      let stream;
      const seen = [];
      const events = geminiEvents(["one", "two", "three"]);
      const body = chatBody("q", { stream: true });
      stream = exchange([proxy], { body }, () => null);
      stream.beginResponse(200, { "content-type": "text/event-stream" });
      for (const event of events) {
        stream.sendChunk(event);
        seen.push(streamedText(stream.text));
      }
      assert.deepEqual(seen, ["one", "onetwo", "onetwothree", "onetwothree"]);
      stream.endResponse();
      assert.equal(streamedText(stream.text), "onetwothree!");
    });

    it("makes an error of an answer without a body", () => {
      for (const path of ["/v1/chat/completions", "/v1/messages"]) {
        const stream = ask(GEMINI, { chunks: [] }, { path });
        assert.equal(stream.received.status, 502);
        assert.ok(stream.json.error.message.length > 0);
      }
      // Its headers have gone.
      assert.equal(ask(OPENAI, { status: 500, chunks: [] }, { type: "text/html" }).text, "");
    });

    it("asks again, and lets the first answer through in the client's words", () => {
      const retrying = {
        type: "openai",
        apiTokens: ["a", "b"],
        retryOnFailure: { enabled: true, maxRetries: 1 },
      };
      const options = { properties: { "xds.cluster_name": "llm" } };
      const error = { status: 500, headers: { "content-type": "text/plain" } };
      for (const chunks of [["bro", "ken"], []]) {
        for (const [second, wanted] of [
          [{ body: JSON.stringify(completion("again")) }, 200],
          [{ status: 503, body: "{}" }, 500],
        ]) {
          const proxy = plugin("ai-proxy", { provider: retrying }, { build });
          proxy.vm.onHttpCall = () => 0;
          const upstream = () => ({ ...error, chunks, trailers: TRAILERS });
          const stream = exchange([proxy], { body: chatBody("q") }, upstream, options);
          assert.equal(proxy.vm.calls.size, 1);
          const headers = { "content-type": "application/json" };
          proxy.vm.answer([...proxy.vm.calls.keys()][0], { status: 200, headers, ...second });
          assert.equal(stream.received.status, wanted);
          assert.equal(stream.received.ended, true);
          if (wanted === 200) assert.equal(stream.json.choices[0].message.content, "again");
          else if (chunks.length > 0) assert.equal(stream.json.error.message, "broken");
        }
      }
    });

    it("hands translated answers on to ai-cache", () => {
      const cache = plugin("ai-cache", {}, { build, shared });
      const headers = { "content-length": String(geminiAnswer("Hello").length) };
      const first = ask(GEMINI, { chunks: [geminiAnswer("Hello")], headers }, { cache });
      assert.equal(first.json.choices[0].message.content, "Hello");
      const second = ask(GEMINI, { chunks: [], status: 500 }, { cache });
      assert.equal(second.json.choices[0].message.content, "Hello");
    });
  });

  describe(`trailers behind a request (${build})`, () => {
    const send = (filters, body, { size = 7, answer, options = H2, ...request } = {}) => {
      const sent = [];
      const upstream = (seen) => {
        sent.push(seen);
        return (
          answer ?? {
            headers: { "content-type": "application/json" },
            chunks: [JSON.stringify(completion("A"))],
          }
        );
      };
      const headers = { authorization: "Bearer demo", ...request.headers };
      const asked = { body, split: size, length: false, trailers: true, ...request, headers };
      const stream = exchange(filters, asked, upstream, options);
      return { stream, sent };
    };

    it("go to the vendor after the rewritten body", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { ...OPENAI, modelMapping: { "*": "mapped" } } },
        { build },
      );
      for (const size of [7, 1e9]) {
        const { stream, sent } = send([proxy], chatBody("hi"), { size });
        assert.equal(stream.received.status, 200);
        assert.equal(JSON.parse(sent[0].body).model, "mapped");
        assert.equal(sent[0].trailers.get("x-trailer"), "1");
      }
      const gemini = plugin("ai-proxy", { provider: GEMINI }, { build });
      const answer = {
        headers: { "content-type": "application/json" },
        chunks: [geminiAnswer("G")],
      };
      const { stream, sent } = send([gemini], chatBody("hi"), { answer });
      assert.equal(stream.json.choices[0].message.content, "G");
      assert.equal(JSON.parse(sent[0].body).contents[0].parts[0].text, "hi");
      assert.equal(sent[0].trailers.get("x-trailer"), "1");
    });

    it("of HTTP/1 do when they are announced", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { ...OPENAI, modelMapping: { "*": "mapped" } } },
        { build },
      );
      const options = { properties: { "request.protocol": "HTTP/1.1" } };
      const { sent } = send([proxy], chatBody("hi"), {
        options,
        headers: { trailer: "x-trailer" },
      });
      assert.equal(JSON.parse(sent[0].body).model, "mapped");
    });

    it("are refused in the client's protocol after a body that the host does not take back", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { ...OPENAI, modelMapping: { "*": "m" } } },
        { build },
      );
      const { stream, sent } = send([proxy], chatBody("x".repeat(100_000)), { size: 9_000 });
      assert.equal(stream.received.status, 400);
      assert.equal(stream.json.error.code, "request_trailers");
      assert.equal(sent.length, 0);
    });

    it("change nothing about bodies without them, whatever their size", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { ...OPENAI, modelMapping: { "*": "m" } } },
        { build },
      );
      for (const length of [10, 30_000, 40_000, 1_500_000]) {
        const body = chatBody("x".repeat(length));
        const { sent } = send([proxy], body, { size: 9_000, trailers: false });
        assert.equal(JSON.parse(sent[0].body).messages[0].content.length, length);
      }
    });

    it("wait with a request that waits", () => {
      const file = {
        fileUrl: "http://files.example/c.txt",
        serviceName: "files.dns",
        servicePort: 80,
      };
      const provider = { ...OPENAI, context: file };
      const proxy = plugin("ai-proxy", { provider }, { build });
      proxy.vm.onHttpCall = () => 0;
      const { stream, sent } = send([proxy], chatBody("hi"));
      assert.equal(sent.length, 0);
      proxy.vm.answer([...proxy.vm.calls.keys()][0], { body: "context" });
      assert.equal(JSON.parse(sent[0].body).messages[0].content, "context");
      assert.equal(sent[0].trailers.get("x-trailer"), "1");
      assert.equal(stream.received.status, 200);
    });

    it("pass both modules, and a hit is answered", () => {
      const shared = new SharedData();
      const cache = plugin("ai-cache", {}, { build, shared });
      const proxy = plugin(
        "ai-proxy",
        { provider: { ...OPENAI, modelMapping: { "*": "mapped" } } },
        { build, shared },
      );
      const first = send([cache, proxy], chatBody("both"));
      assert.equal(first.stream.text, JSON.stringify(completion("A")));
      assert.equal(JSON.parse(first.sent[0].body).model, "mapped");
      const second = send([cache, proxy], chatBody("both"));
      assert.equal(second.sent.length, 0);
      assert.equal(second.stream.json.choices[0].message.content, "A");
      assert.match(second.stream.received.headers.get("cache-status"), /hit/);
    });
  });
}

/** What of a large body is given to the host again when it goes on: no more than what the host does not have. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountFile, rsaKey, vertexWith } from "../fixtures/service-account.mjs";
import { Status } from "../host/vm.mjs";
import { CREDENTIAL, BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const TEXT = "All work and no play makes Jack a dull boy. ".repeat(2500);
const messages = [{ role: "user", content: TEXT }];
const OPENAI = { type: "openai", apiTokens: ["k"] };
const CLAUDE = { type: "vertex", apiTokens: ["k"], modelMapping: { "*": "claude-opus-4-5" } };

/** Vertex AI with a service account, whose access token the first request waits for. */
const ACCOUNT = {
  ...vertexWith(accountFile(rsaKey())),
  modelMapping: { "*": "claude-opus-4-5" },
};

/** Notes what a module writes to buffers: `[start, length, bytes]`. `isOld`: the host takes no part of a buffer. */
function watchWrites(vm, isOld = false) {
  const writes = [];
  const bufferOf = vm.buffer.bind(vm);
  vm.buffer = (type) => {
    const buffer = bufferOf(type);
    if (!buffer?.write) return buffer;
    return {
      ...buffer,
      write: (start, length, data) => {
        const size = buffer.read(0, 1 << 30).length;
        if (isOld && start === 0 && length > 0 && length < size) return Status.BadArgument;
        if (type === 0) writes.push(data.length);
        return buffer.write(start, length, data);
      },
    };
  };
  return writes;
}

for (const build of BUILDS) {
  describe(`what is written of a body (${build})`, () => {
    /** Sends a body; what arrives, and the sizes of what was written on the way. */
    const send = (provider, body, { path, isOld, ...more } = {}) => {
      const proxy = plugin("ai-proxy", { provider }, { build });
      const writes = watchWrites(proxy.vm, isOld);
      const upstream = jsonUpstream();
      const text = JSON.stringify(body);
      const request = { path, body: text, split: 1 << 20, ...more };
      const stream = exchange([proxy], request, upstream);
      assert.equal(stream.received.status, 200, stream.text);
      const [{ headers, body: arrived }] = upstream.requests;
      if (request.length !== false) {
        assert.equal(Number(headers.get("content-length")), arrived.length);
      }
      return { text, arrived: arrived.toString(), writes };
    };
    const MAPPED = { ...OPENAI, modelMapping: { "*": "gpt-4o" } };
    const early = { model: "gpt-4", messages };
    const late = { messages, model: "gpt-4" };

    it("nothing where nothing changes", () => {
      const { text, arrived, writes } = send(OPENAI, early);
      assert.equal(arrived, text);
      assert.deepEqual(writes, []);
    });

    it("of a body in pieces what the host has given away", () => {
      const { text, arrived, writes } = send(OPENAI, early, { split: 60_000 });
      assert.equal(arrived, text);
      assert.deepEqual(writes, [60_000]);
    });

    it("up to the last change, where one stands in front", () => {
      const { arrived, writes } = send(MAPPED, early);
      assert.equal(arrived, JSON.stringify({ model: "gpt-4o", messages }));
      assert.deepEqual(writes, ['{"model":"gpt-4o"'.length]);
    });

    it("both where the body comes in pieces and a change stands in front", () => {
      const { text, arrived, writes } = send(MAPPED, early, { split: 60_000 });
      assert.equal(arrived, JSON.stringify({ model: "gpt-4o", messages }));
      const head = '{"model":"gpt-4"'.length;
      assert.deepEqual(writes, [60_000 - head, head + 1]);
      // The last piece is smaller than what stays in front of it, or larger.
      for (const split of [text.length - 5, 8, text.length - 1000]) {
        assert.equal(send(MAPPED, early, { split }).arrived, arrived, `pieces of ${split}`);
      }
    });

    it("all where a change stands at the end, without a copy of it first", () => {
      const { arrived, writes } = send(MAPPED, late);
      assert.equal(arrived, JSON.stringify({ messages, model: "gpt-4o" }));
      assert.deepEqual(
        writes.map((size) => size > 1000),
        [false, true],
      );
      assert.equal(
        writes.reduce((a, b) => a + b),
        arrived.length,
      );
    });

    it("up to the model, where a version takes its place", () => {
      const path = "/v1/messages";
      const { arrived, writes } = send(CLAUDE, { model: "m", max_tokens: 9, messages }, { path });
      const version = { anthropic_version: "vertex-2023-10-16" };
      assert.equal(arrived, JSON.stringify({ ...version, max_tokens: 9, messages }));
      assert.deepEqual(writes, [JSON.stringify(version).length - 1]);
    });

    it("all where changes stand at both ends", () => {
      const path = "/v1/messages";
      const version = { anthropic_version: "another" };
      const body = { model: "m", max_tokens: 9, messages, ...version };
      const { arrived, writes } = send(CLAUDE, body, { path });
      version.anthropic_version = "vertex-2023-10-16";
      assert.equal(arrived, JSON.stringify({ max_tokens: 9, messages, ...version }));
      assert.equal(writes.length, 3);
    });

    it("all, where the host takes no part of a buffer", () => {
      for (const more of [{}, { split: 60_000 }, { split: 8 }]) {
        const { arrived, writes } = send(MAPPED, early, { ...more, isOld: true });
        assert.equal(arrived, JSON.stringify({ model: "gpt-4o", messages }));
        assert.ok(writes.length <= 3);
      }
    });

    it("all of what trailers end", () => {
      const properties = { properties: { "request.protocol": "HTTP/2" } };
      const proxy = plugin("ai-proxy", { provider: MAPPED }, { build });
      const upstream = jsonUpstream();
      const content = TEXT.slice(0, 9000);
      const body = JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content }] });
      for (const split of [1 << 20, 5000, 1000]) {
        const request = { body, split, length: false, trailers: true };
        exchange([proxy], request, upstream, properties);
        const arrived = upstream.requests.at(-1).body.toString();
        assert.equal(arrived, body.replace("gpt-4", "gpt-4o"), `pieces of ${split}`);
      }
    });

    it("what has been put back to wait for a text, and all once more where the text changes the messages", () => {
      const context = {
        fileUrl: "http://files.internal/context.txt",
        serviceName: "files.dns",
        servicePort: 8080,
      };
      const proxy = plugin("ai-proxy", { provider: { ...MAPPED, context } }, { build });
      const writes = watchWrites(proxy.vm);
      proxy.vm.onHttpCall = () => Status.Ok;
      const upstream = jsonUpstream();
      const text = JSON.stringify(early);
      exchange([proxy], { body: text, split: 60_000 }, upstream);
      assert.deepEqual(writes, [60_000], "put back, to be kept");
      for (const token of [...proxy.vm.calls.keys()]) proxy.vm.answer(token, { body: "be kind" });
      const system = { role: "system", content: "be kind" };
      const expected = JSON.stringify({ model: "gpt-4o", messages: [system, ...messages] });
      assert.equal(upstream.requests[0].body.toString(), expected);
      const [, ...later] = writes;
      assert.equal(
        later.reduce((sum, size) => sum + size),
        expected.length,
      );
    });

    it("up to the last change, of what has been put back to wait for a token", () => {
      const proxy = plugin("ai-proxy", { provider: ACCOUNT }, { build });
      const writes = watchWrites(proxy.vm);
      proxy.vm.onHttpCall = () => Status.Ok;
      const upstream = jsonUpstream();
      const body = JSON.stringify({ model: "m", max_tokens: 9, messages });
      exchange([proxy], { path: "/v1/messages", body, split: 60_000 }, upstream);
      assert.deepEqual(writes, [60_000], "put back, to be kept");
      const [[token]] = [...proxy.vm.calls];
      proxy.vm.answer(token, { body: JSON.stringify({ access_token: "t", expires_in: 3599 }) });
      const version = '{"anthropic_version":"vertex-2023-10-16"';
      const arrived = upstream.requests[0].body.toString();
      assert.equal(arrived, body.replace('{"model":"m"', version));
      assert.deepEqual(writes, [60_000, version.length]);
    });

    it("by the cache, of a body in pieces, what the host has given away", () => {
      const cache = plugin("ai-cache", {}, { build });
      const writes = watchWrites(cache.vm);
      const upstream = jsonUpstream();
      const body = JSON.stringify(early);
      exchange([cache], { body, split: 60_000, headers: CREDENTIAL }, upstream);
      assert.equal(upstream.requests[0].body.toString(), body);
      assert.deepEqual(writes, [60_000]);
    });
  });
}

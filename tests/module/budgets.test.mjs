/** What a worker holds of its clients' bodies: bounded, and never all of it for one of them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import {
  BUILDS,
  chatBody,
  CREDENTIAL,
  exchange,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const KIB = 1 << 10;
const MIB = 1 << 20;

const openai = { type: "openai", apiTokens: ["t"], modelMapping: { "*": "x" } };
const claude = { ...openai, type: "claude" };

/** A request of each client protocol, and a provider whose own that is. */
const CLIENTS = {
  openai: {
    own: openai,
    path: "/v1/chat/completions",
    body: (text) => chatBody(text),
    error: (json) => json.error,
    type: { 413: "request_too_large", 503: "server_error" },
  },
  anthropic: {
    own: claude,
    path: "/v1/messages",
    body: (text) =>
      JSON.stringify({ model: "m", max_tokens: 9, messages: [{ role: "user", content: text }] }),
    error: (json) => (assert.equal(json.type, "error"), json.error),
    type: { 413: "request_too_large", 503: "overloaded_error" },
  },
  responses: {
    own: openai,
    path: "/v1/responses",
    body: (text) => JSON.stringify({ model: "m", input: text }),
    error: (json) => json.error,
    type: { 413: "request_too_large", 503: "server_error" },
  },
};

function open(filters, { path, length, headers = {}, upstream = jsonUpstream(), properties }) {
  return new Stream(filters, upstream, { properties }).sendHeaders({
    ":method": "POST",
    ":path": path ?? "/v1/chat/completions",
    ":authority": "gateway.example",
    ...CREDENTIAL,
    "content-type": "application/json",
    ...(length === undefined ? {} : { "content-length": String(length) }),
    ...headers,
  });
}

/** Opens an upload and sends so many bytes of it, which are no end. */
function hold(filters, bytes, options = {}) {
  const stream = open(filters, options);
  const piece = Buffer.alloc(256 * KIB, 0x20);
  for (let left = bytes; left > 0 && !stream.closed; left -= piece.length) {
    stream.sendBody(piece.subarray(0, Math.min(left, piece.length)));
  }
  return stream;
}

const isOpen = (stream) => !stream.closed;

const proxy = (members = {}, provider = openai, options = {}) =>
  plugin("ai-proxy", { provider, ...members }, options);

for (const build of BUILDS) {
  describe(`uploads that wait, ${build}`, () => {
    for (const [name, client] of Object.entries(CLIENTS)) {
      it(`keep nobody of ${name} with a small request out`, () => {
        const shared = new SharedData();
        const cache = plugin("ai-cache", {}, { build, shared });
        const filter = proxy({}, openai, { build, shared });
        for (const filters of [[filter], [cache, filter]]) {
          const slow = [100_000_000, 34_217_600, 20_000_000, 10_000_000, 5_000_000].map((bytes) =>
            hold(filters, bytes),
          );
          assert.ok(isOpen(slow[0]), "the first is alone and gets what it wants");
          const upstream = jsonUpstream();
          for (let i = 0; i < 5; i++) {
            const body = client.body(`${i}${"x".repeat(50 * KIB)}`);
            const stream = exchange(filters, { path: client.path, body }, upstream);
            assert.equal(stream.received.status, 200, stream.text.slice(0, 500));
          }
          assert.equal(upstream.requests.length, 5);
          for (const stream of slow) stream.abort();
        }
      });

      it(`tell ${name} that there is no room now, and count it`, () => {
        const filter = proxy({}, client.own, { build });
        const slow = hold([filter], 90 * MIB, { path: client.path });
        assert.ok(isOpen(slow));
        const told = open([filter], { path: client.path, length: 50 * MIB });
        const untold = hold([filter], 50 * MIB, { path: client.path });
        for (const stream of [told, untold]) {
          assert.equal(stream.received.status, 503);
          assert.equal(stream.received.headers.get("retry-after"), "1");
          const error = client.error(stream.json);
          assert.equal(error.type, client.type[503]);
          assert.match(error.message, /holding too many large requests: try again in a moment/);
          assert.equal(stream.details, "ai-proxy.no_room");
        }
        assert.equal(filter.vm.metrics.get("ai_proxy_refusals_total.code=.=overloaded;.;"), 2);
        slow.abort();
        assert.ok(isOpen(hold([filter], 50 * MIB, { path: client.path })), "given back");
      });

      it(`tell ${name} the limit when a body is too large alone`, () => {
        const cases = [
          [{}, client.own, 104_857_600],
          [{ maxRequestBytes: 5000 }, client.own, 5000],
          [{ maxBufferedBytes: 2 * MIB }, client.own, (2 * MIB * 7) / 8],
          [{}, { type: "gemini", apiTokens: ["t"] }, 67_108_864],
          [{ maxTranslatedBytes: 7000 }, { type: "gemini", apiTokens: ["t"] }, 7000],
          [
            { maxTranslatedBytes: 7000 },
            { type: "bedrock", apiTokens: ["t"], awsRegion: "r" },
            7000,
          ],
        ];
        for (const [members, provider, limit] of cases) {
          const filter = proxy(members, provider, { build });
          const told = open([filter], { path: client.path, length: limit + 1 });
          const untold = hold([filter], limit + 1, { path: client.path });
          for (const stream of [told, untold]) {
            assert.equal(stream.received.status, 413, `${provider.type} ${limit}`);
            const error = client.error(stream.json);
            assert.equal(error.type, client.type[413]);
            assert.ok(error.message.includes(`larger than ${limit} bytes`), error.message);
          }
          assert.ok(isOpen(open([filter], { path: client.path, length: limit })));
          assert.ok(isOpen(hold([filter], limit, { path: client.path })));
          const count = filter.vm.metrics.get(
            "ai_proxy_refusals_total.code=.=request_too_large;.;",
          );
          assert.equal(count, 2);
        }
      });
    }
  });
}

describe("shares of a budget", () => {
  // 1 MiB, of which 128 KiB are for small bodies.
  const small = { maxBufferedBytes: MIB };
  const filter = () => proxy(small);

  it("one request gets half of what is free, and all but the reserve when it is alone", () => {
    const alone = filter();
    assert.ok(isOpen(hold([alone], 896 * KIB)));
    const other = filter();
    assert.ok(isOpen(hold([other], 896 * KIB - 256 * KIB)));
    assert.ok(!isOpen(hold([other], 128 * KIB + 1)));
    assert.ok(isOpen(hold([other], 128 * KIB)));
  });

  it("an eighth is for bodies up to 64 KiB, of which each gets as much while there is any", () => {
    const full = filter();
    hold([full], 896 * KIB);
    assert.ok(!isOpen(hold([full], 64 * KIB + 1)));
    assert.ok(isOpen(hold([full], 64 * KIB)));
    const last = hold([full], 64 * KIB);
    assert.ok(isOpen(last));
    const none = hold([full], 1);
    assert.equal(none.received.status, 503);
    last.abort();
    assert.ok(isOpen(hold([full], 64 * KIB)));
  });

  it("what is kept for another attempt counts, and is given back", () => {
    const provider = {
      type: "openai",
      apiTokens: ["a", "b"],
      retryOnFailure: { enabled: true },
    };
    const retrying = proxy(small, provider);
    const waiting = [];
    const body = chatBody("x".repeat(150 * KIB));
    const properties = { "xds.cluster_name": "llm" };
    for (let i = 0; i < 8; i++) {
      const stream = open([retrying], { length: body.length, upstream: () => null, properties });
      waiting.push(stream.sendBody(body, true));
    }
    assert.ok(waiting.every(isOpen), "a request without room for a copy goes on without one");
    const most = hold([retrying], 500 * KIB);
    assert.equal(most.received.status, 503);
    for (const stream of waiting) stream.abort();
    assert.ok(isOpen(hold([retrying], 500 * KIB)));
  });

  it("of ai-cache: one tenant gets half, whatever the number of its requests", () => {
    const cache = plugin("ai-cache", small);
    const of = (key) => ({ headers: { authorization: `Bearer ${key}` } });
    const mine = [];
    for (let i = 0; i < 40; i++) mine.push(hold([cache], 60 * KIB, of("mallory")));
    const held = mine.filter((stream) => stream.attribute("ai_cache") !== "ineligible-no-room");
    assert.equal(held.length, 8);
    assert.ok(mine.every(isOpen), "the others pass uncached");
    const theirs = hold([cache], 60 * KIB, of("alice"));
    assert.equal(theirs.attribute("ai_cache"), undefined);
    for (const stream of mine) stream.abort();
    const again = exchange(
      [cache],
      { body: chatBody("x".repeat(300 * KIB)), ...of("mallory") },
      jsonUpstream(),
    );
    assert.equal(again.attribute("ai_cache"), "miss-cold");
  });
});

describe("translated answers", () => {
  for (const [name, client] of Object.entries(CLIENTS)) {
    it(`that find no room become an error of ${name}`, () => {
      const filter = proxy({}, { type: "claude", apiTokens: ["t"] });
      if (name === "anthropic") return;
      const chunk = "x".repeat(MIB);
      const upstream = () => ({
        headers: { "content-type": "application/json" },
        chunks: ['{"content":"', ...Array(17).fill(chunk), '"}'],
      });
      const stream = exchange([filter], { path: client.path, body: client.body("q") }, upstream);
      assert.equal(stream.received.status, 502);
      assert.match(client.error(stream.json).message, /larger than the limit/);
      const next = exchange([filter], { path: client.path, body: client.body("q") }, upstream);
      assert.equal(next.received.status, 502, "the worker lives");
    });
  }
});

describe("translated streams", () => {
  const event = (delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
  const call = (index, args, members) =>
    event({ tool_calls: [{ index, ...members, function: { name: "f", arguments: args } }] });
  const named = (index) => call(index, "{", { id: `call_${index}`, type: "function" });
  const piece = "x".repeat(64 * KIB);
  /** What has to be kept of a stream, whoever sends it: pieces of it, of which many come. */
  const KEPT = {
    "an event without an end": { begin: ['data: {"choices":["'], more: piece },
    "an event of another protocol without an end": {
      begin: ['data: {"candidates":["'],
      more: piece,
      type: "gemini",
    },
    "a call of a tool that comes between another's pieces": {
      begin: [named(0), named(1)],
      more: call(1, piece),
      among: ["anthropic"],
    },
    "a text that is told again at the end": {
      begin: [event({ role: "assistant" })],
      more: event({ content: piece }),
      among: ["responses"],
    },
  };
  const ENDS = {
    openai:
      /data: \{"error":\{"message":"the answer is larger than the limit".*\n\n(data: \[DONE\]\n\n)?$/,
    anthropic: /event: error\ndata: \{"type":"error".*"the answer is larger than the limit".*\n\n$/,
    responses: /data: .*"the answer is larger than the limit".*\n\n$/,
  };

  for (const [kind, { begin, more, among, type }] of Object.entries(KEPT)) {
    for (const name of among ?? Object.keys(CLIENTS)) {
      it(`for ${name}: ${kind} counts, and above the limit an error ends the stream`, () => {
        const client = CLIENTS[name];
        const provider = { type: type ?? "groq", apiTokens: ["t"], responsesAsChat: true };
        const filter = proxy(
          { maxBufferedBytes: MIB },
          { ...provider, modelMapping: { "*": "x" } },
        );
        const ask = (pieces) => {
          const chunks = [...begin, ...Array(pieces).fill(more)];
          const upstream = () => ({ headers: { "content-type": "text/event-stream" }, chunks });
          const body = JSON.stringify({ ...JSON.parse(client.body("q")), stream: true });
          return exchange([filter], { path: client.path, body }, upstream);
        };
        assert.doesNotMatch(ask(6).text, /larger than the limit/);
        const large = ask(40);
        assert.match(large.text, ENDS[name]);
        assert.ok(large.body.length < 2 * MIB, "nothing follows the error");
        assert.ok(isOpen(hold([filter], 896 * KIB)), "given back");
      });
    }
  }
});

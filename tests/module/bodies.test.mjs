/**
 * Bodies that a module takes from the host, in whatever pieces they come: all of them goes on, in its place,
 * with trailers as far as the host takes bodies back, and what they held is given back.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import { chatBody, CREDENTIAL, jsonUpstream, plugin } from "./support.mjs";

const HTTP2 = { properties: { "request.protocol": "HTTP/2" } };
/** The most bytes that go back to the host when trailers end a body. */
const MOST_TRAILED = 32_768;
/** Sizes of pieces: small ones are put together up to a block, large ones are not. */
const CUTS = [
  [4095],
  [4096],
  [4097],
  [5000],
  [10, 5000, 10, 4095, 4096, 20_000, 3, 4097, 1],
  [4095, 4095, 4095, 4095, 4, 4096],
  [20_000, 1],
  [1, 20_000],
  [0, 9, 0, 5000],
  [60_000],
  [49_000, 1000],
  [49_999, 1],
];

const openai = { type: "openai", apiTokens: ["k"] };
const mapped = { modelMapping: { "gpt-4": "gpt-5" } };
const added = { customSettings: [{ name: "seed", value: 7, mode: "raw" }] };
const toNext = (body) => body.replace("gpt-4", "gpt-5");
const withSeed = (body) => body.replace(/}$/, ',"seed":7}');
const proxyWith = (members) => () => plugin("ai-proxy", { provider: { ...openai, ...members } });
/** Each with what it makes of a body. */
const MODULES = {
  "ai-proxy, which changes its beginning": [proxyWith(mapped), toNext],
  "ai-proxy, which adds to its end": [proxyWith(added), withSeed],
  "ai-proxy, which does both": [
    proxyWith({ ...mapped, ...added }),
    (body) => withSeed(toNext(body)),
  ],
  "ai-proxy, which reads it": [proxyWith({ modelMapping: { other: "m" } }), (body) => body],
  "ai-cache": [() => plugin("ai-cache"), (body) => body],
};

/** A chat of so many bytes that no two places of it are alike; `isLast`: its model stands at its end. */
function bodyOf(size, isLast = false) {
  const empty = chatBody("").length;
  let text = "";
  for (let i = 0; text.length < size; i++) text += `${i} `;
  const { model, ...rest } = JSON.parse(chatBody(text.slice(0, size - empty)));
  return JSON.stringify(isLast ? { ...rest, model } : { model, ...rest });
}

/** Sends a body in pieces; gives the stream and what the upstream got. */
function send(filter, body, cuts, { length = false, trailers = false, options = {} } = {}) {
  const upstream = jsonUpstream();
  const stream = new Stream([filter], upstream, options).sendHeaders({
    ":method": "POST",
    ":path": "/v1/chat/completions",
    ":authority": "gateway.example",
    ...CREDENTIAL,
    // No body is answered from the cache.
    "cache-control": "no-cache",
    "content-type": "application/json",
    ...(length ? { "content-length": String(body.length) } : {}),
  });
  for (let at = 0, i = 0; at < body.length; i++) {
    const size = cuts[i % cuts.length];
    stream.sendBody(body.slice(at, at + size));
    at += size;
  }
  if (trailers) stream.sendTrailers();
  else stream.sendBody("", true);
  return { stream, sent: upstream.requests[0] };
}

for (const [name, [start, wanted]] of Object.entries(MODULES)) {
  describe(`a body through ${name}`, () => {
    it("goes on whole, however it is cut", () => {
      const filter = start();
      for (const cuts of [[1], [7], ...CUTS]) {
        const size = cuts[0] < 10 && cuts.length === 1 ? 1000 : 50_000;
        for (const body of [bodyOf(size), bodyOf(size, true)]) {
          for (const length of [true, false]) {
            for (const options of [{}, HTTP2]) {
              const { stream, sent } = send(filter, body, cuts, { length, options });
              assert.equal(stream.received.status, 200);
              assert.equal(sent.body.toString(), wanted(body), cuts.join());
            }
          }
        }
      }
      const single = send(filter, bodyOf(200), [200], { options: HTTP2 });
      assert.equal(single.sent.body.toString(), wanted(bodyOf(200)));
    });

    it("goes on with its trailers, up to what the host takes back", () => {
      const filter = start();
      for (const cuts of CUTS.concat([[MOST_TRAILED]])) {
        const body = bodyOf(MOST_TRAILED);
        const { stream, sent } = send(filter, body, cuts, { trailers: true, options: HTTP2 });
        assert.equal(stream.received.status, 200, cuts.join());
        assert.equal(sent.body.toString(), wanted(body), cuts.join());
        assert.equal(sent.trailers.get("x-trailer"), "1");
      }
      for (const cuts of CUTS.concat([[MOST_TRAILED], [MOST_TRAILED + 1]])) {
        const body = bodyOf(MOST_TRAILED + 1);
        const { stream, sent } = send(filter, body, cuts, { trailers: true, options: HTTP2 });
        assert.equal(stream.received.status, 400, cuts.join());
        assert.equal(sent, undefined);
      }
      const small = send(filter, bodyOf(200), [200], { trailers: true, options: HTTP2 });
      assert.equal(small.sent.body.toString(), wanted(bodyOf(200)));
    });
  });
}

describe("trailers that nobody has announced", () => {
  it("are refused after a body of HTTP/1 of unknown length", () => {
    for (const [start] of Object.values(MODULES)) {
      const options = { properties: { "request.protocol": "HTTP/1.1" } };
      for (const cuts of [[60], [1000]]) {
        const { stream, sent } = send(start(), bodyOf(200), cuts, { trailers: true, options });
        assert.equal(stream.received.status, 400);
        assert.equal(stream.json.error.code, "request_trailers");
        assert.equal(sent, undefined);
      }
    }
  });
});

describe("the room of bodies", () => {
  it("is given back, whatever becomes of them", () => {
    const members = { maxBufferedBytes: 1 << 20 };
    const cache = plugin("ai-cache", { ...members, maxRequestBytes: 200_000 });
    const proxy = plugin("ai-proxy", {
      provider: { ...openai, modelMapping: { "*": "m" } },
      ...members,
    });
    for (const filter of [cache, proxy]) {
      for (let i = 0; i < 30; i++) {
        const body = bodyOf(150_000 + i);
        const { stream } = send(filter, body, [60_000], { length: i % 2 === 0 });
        assert.equal(stream.received.status, 200);
        const reason = stream.attribute("ai_cache");
        if (filter === cache) assert.equal(reason, "bypass-no-cache", `request ${i}`);
      }
    }
  });

  it("has a limit that a body may just reach, of known length or not", () => {
    const maxRequestBytes = 10_000;
    const provider = { ...openai, modelMapping: { "*": "m" } };
    const proxy = plugin("ai-proxy", { provider, maxRequestBytes });
    const cache = plugin("ai-cache", { maxRequestBytes });
    for (const length of [true, false]) {
      for (const cuts of [[3000], [10_001]]) {
        const fits = bodyOf(maxRequestBytes);
        const large = bodyOf(maxRequestBytes + 1);
        assert.equal(send(proxy, fits, cuts, { length }).stream.received.status, 200);
        assert.equal(send(proxy, large, cuts, { length }).stream.received.status, 413);
        const kept = send(cache, fits, cuts, { length });
        assert.equal(kept.stream.attribute("ai_cache"), "bypass-no-cache");
        const passed = send(cache, large, cuts, { length });
        assert.equal(passed.stream.attribute("ai_cache"), "ineligible-too-large");
        assert.equal(passed.sent.body.toString(), large, "in its order");
      }
    }
  });

  it("is asked for before a body of known length comes", () => {
    const cache = plugin("ai-cache", { maxBufferedBytes: 100_000 });
    const body = bodyOf(60_000);
    for (const length of [true, false]) {
      const { stream, sent } = send(cache, body, [20_000], { length });
      assert.equal(stream.attribute("ai_cache"), "ineligible-no-room");
      assert.equal(sent.body.toString(), body, "in its order");
    }
    assert.equal(send(cache, bodyOf(300), [99]).stream.attribute("ai_cache"), "bypass-no-cache");
  });
});

describe("an answer that is held until it is whole", () => {
  const JSON_TYPE = { "content-type": "application/json" };
  const provider = { type: "gemini", apiTokens: ["k"] };
  const answer = (text) =>
    JSON.stringify({
      candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
    });
  /** A request that is on its way; `answer`: of the upstream, none to send it by hand. */
  const ask = (filter, answered) => {
    const stream = new Stream([filter], () => answered ?? null).sendHeaders({
      ":method": "POST",
      ":path": "/v1/chat/completions",
      ":authority": "gateway.example",
      "content-type": "application/json",
    });
    return stream.sendBody(chatBody(), true);
  };
  const saidIn = (stream) => stream.json.choices[0].message.content;

  it("is translated whole, however it is cut", () => {
    const proxy = plugin("ai-proxy", { provider });
    const text = JSON.parse(bodyOf(20_000)).messages[0].content;
    const bytes = Buffer.from(answer(text));
    for (const cuts of CUTS) {
      const chunks = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        chunks.push(bytes.subarray(at, at + cuts[i % cuts.length]));
        at += cuts[i % cuts.length];
      }
      for (const length of [true, false]) {
        const headers = { ...JSON_TYPE };
        if (length) headers["content-length"] = String(bytes.length);
        assert.equal(saidIn(ask(proxy, { headers, chunks })), text, cuts.join());
      }
    }
  });

  it("takes its trailers along, up to what the host takes back, and is a reply beyond", () => {
    const proxy = plugin("ai-proxy", { provider });
    const hop = { date: "d", server: "s", "transfer-encoding": "chunked" };
    const headers = { ...JSON_TYPE, ...hop, trailer: "x-end", "x-own": "kept" };
    const told = (length, trailers) => {
      const text = "x".repeat(length);
      const stream = ask(proxy, { headers, chunks: [answer(text)], trailers });
      assert.equal(saidIn(stream), text);
      assert.equal(stream.received.status, 200);
      assert.equal(stream.received.headers.get("x-own"), "kept");
      assert.equal(stream.received.headers.get("content-length"), String(stream.body.length));
      return stream;
    };
    const trailers = { "x-end": "1" };
    const most = 1000 + MOST_TRAILED - told(1000, trailers).body.length;
    const fits = told(most, trailers);
    assert.equal(fits.body.length, MOST_TRAILED);
    assert.equal(fits.received.trailers.get("x-end"), "1");
    assert.equal(fits.details, "via_upstream");
    // Also where they were announced and do not come.
    for (const ends of [trailers, null]) {
      const large = told(most + 1, ends);
      assert.equal(large.details, "ai_proxy_answer");
      assert.equal(large.received.trailers, undefined);
      for (const name of [...Object.keys(hop), "trailer"]) {
        assert.equal(large.received.headers.get(name), undefined, name);
      }
    }
  });

  it("is an error where it is too large to be translated, and passes where it need not be", () => {
    const room = { maxBufferedBytes: 1 << 20 };
    const pieces = ["x".repeat(400_000), "y".repeat(400_000), "z".repeat(400_000)];
    const chunks = ['{"a":"', ...pieces, '"}'];
    const translated = ask(plugin("ai-proxy", { provider, ...room }), {
      headers: JSON_TYPE,
      chunks,
    });
    assert.equal(translated.received.status, 502);
    assert.equal(translated.json.error.code, "upstream_too_large", "nothing stands behind it");
    const length = translated.received.headers.get("content-length");
    assert.equal(length, String(translated.body.length));
    const edited = { type: "openai", apiTokens: ["k"], reasoningContentMode: "ignore" };
    const passed = ask(plugin("ai-proxy", { provider: edited, ...room }), {
      headers: JSON_TYPE,
      chunks,
    });
    assert.equal(passed.received.status, 200);
    assert.equal(passed.text, chunks.join(""), "in its order");
  });

  it("gives back its room, however it ends", () => {
    const proxy = plugin("ai-proxy", { provider, maxBufferedBytes: 1 << 20 });
    const text = "x".repeat(300_000);
    const large = { headers: JSON_TYPE, chunks: [text, text, text] };
    for (let i = 0; i < 10; i++) {
      const gone = ask(proxy);
      gone.beginResponse(200, JSON_TYPE);
      gone.sendChunk(text);
      gone.abort();
      assert.equal(ask(proxy, large).received.status, 502);
      const whole = ask(proxy, { headers: JSON_TYPE, chunks: [answer(text)] });
      assert.equal(whole.received.status, 200, `answer ${i}`);
    }
  });
});

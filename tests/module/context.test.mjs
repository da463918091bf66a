/** The text of a context file in every chat: fetched once, waited for, kept fresh. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, chatBody, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const CONTEXT = {
  fileUrl: "http://files.internal/a/context.txt?v=1",
  serviceName: "files.dns",
  servicePort: 8080,
};

function setUp(provider = {}, build = "stock") {
  const clock = { ms: 1_700_000_000_000 };
  const proxy = plugin(
    "ai-proxy",
    { provider: { type: "yi", apiTokens: ["key-1"], context: CONTEXT, ...provider } },
    { build, now: () => clock.ms },
  );
  assert.ok(proxy.accepted, proxy.vm.logText());
  proxy.vm.asked = [];
  proxy.vm.onHttpCall = (call) => (proxy.vm.asked.push(call), 0);
  const upstream = jsonUpstream();
  return {
    proxy,
    clock,
    upstream,
    ask: (request = {}) =>
      exchange([proxy], { body: chatBody(), ...request }, upstream, {
        properties: { "xds.cluster_name": "outbound|443||vendor" },
      }),
    serve: (answer) => {
      for (const token of [...proxy.vm.calls.keys()]) proxy.vm.answer(token, answer);
    },
    messages: () =>
      upstream.requests.map(({ body }) => JSON.parse(body).messages.map(({ content }) => content)),
  };
}

for (const build of BUILDS) {
  describe(`context (${build})`, () => {
    it("keeps the first requests until the text is there, and asks for it once", () => {
      const set = setUp({ modelMapping: { "gpt-4": "own" } }, build);
      const streams = [set.ask(), set.ask({ split: 7 }), set.ask({ length: false, split: 11 })];
      assert.equal(set.upstream.requests.length, 0);
      assert.equal(set.proxy.vm.asked.length, 1);
      const headers = Object.fromEntries(set.proxy.vm.asked[0].headers.fields);
      assert.equal(set.proxy.vm.asked[0].cluster, "outbound|8080||files.dns");
      assert.deepEqual(
        [headers[":method"], headers[":authority"], headers[":path"], headers.authorization],
        ["GET", "files.internal", "/a/context.txt?v=1", undefined],
      );
      set.serve({ status: 200, body: 'line 1\n"中"', headers: { etag: '"1"' } });
      assert.deepEqual(set.messages(), Array(3).fill(['line 1\n"中"', "hi"]));
      for (const { headers, body } of set.upstream.requests) {
        assert.equal(headers.get("content-length"), String(body.length));
        assert.equal(JSON.parse(body).model, "own");
      }
      for (const stream of streams) assert.equal(stream.received.status, 200);
      set.ask();
      assert.equal(set.proxy.vm.asked.length, 1);
      assert.deepEqual(set.messages()[3], ['line 1\n"中"', "hi"]);
    });

    it("stands behind the client's own system message, as one with it where models take one", () => {
      const set = setUp({}, build);
      const messages = [
        { role: "system", content: "s" },
        { role: "user", content: "u" },
      ];
      set.ask({ body: chatBody("", { messages }) });
      set.serve({ status: 200, body: "C" });
      assert.deepEqual(set.messages(), [["s\n\nC", "u"]]);
    });
  });
}

describe("a context file", () => {
  it("is asked for again after five minutes, while the old text serves", () => {
    expectLog(/^context file: gave no text: status 500 \(cluster outbound\|8080\|\|files\.dns\)$/);
    const set = setUp();
    set.ask();
    set.serve({ status: 200, body: "one", headers: { etag: '"1"' } });
    set.clock.ms += 301_000;
    set.ask();
    assert.deepEqual(set.messages(), [
      ["one", "hi"],
      ["one", "hi"],
    ]);
    assert.equal(set.proxy.vm.asked[1].headers.get("if-none-match"), '"1"');
    set.serve({ status: 304, body: "" });
    set.clock.ms += 301_000;
    set.ask();
    set.serve({ status: 200, body: "two" });
    set.ask();
    assert.deepEqual(set.messages().slice(2), [
      ["one", "hi"],
      ["two", "hi"],
    ]);
    set.clock.ms += 301_000;
    set.ask();
    set.serve({ status: 500, body: "down" });
    set.ask();
    assert.deepEqual(set.messages().at(-1), ["two", "hi"], "an old text is better than none");
  });

  it("that cannot be had is a 502, and nothing goes to the model", () => {
    expectLog(
      /^context file: gave no text: status 404 \(cluster outbound\|8080\|\|files\.dns\)$/,
      /^context file: gave no text: status 200 \(cluster outbound\|8080\|\|files\.dns\)$/,
    );
    for (const answer of [
      { status: 404, body: "no" },
      { status: 200, body: "" },
      { status: 200, body: Buffer.from([0xff, 0xfe]) },
    ]) {
      const set = setUp();
      const stream = set.ask();
      set.serve(answer);
      assert.equal(stream.received.status, 502);
      assert.equal(stream.json.error.code, "context_unavailable");
      assert.equal(stream.details, "ai-proxy.yi.load_ctx_failed");
      assert.equal(set.upstream.requests.length, 0);
    }
    const set = setUp();
    set.proxy.vm.onHttpCall = () => 2;
    assert.equal(set.ask().received.status, 502);
    assert.match(
      set.proxy.vm.takeLog(),
      /context file: no cluster is named outbound\|8080\|\|files.dns or files.dns/,
    );
  });

  it("does not matter to other APIs and to clients that have left", () => {
    const set = setUp();
    set.ask({ path: "/v1/embeddings" });
    assert.equal(set.upstream.requests.length, 0, "yi has no embeddings");
    const stream = set.ask();
    stream.close();
    set.serve({ status: 200, body: "C" });
    assert.equal(set.upstream.requests.length, 0);
    assert.equal(set.proxy.vm.logText(4), "");
  });

  it("of moonshot comes from the vendor, through the cluster of the route", () => {
    const set = setUp({ type: "moonshot", context: undefined, moonshotFileId: "f-1" });
    set.ask();
    const [call] = set.proxy.vm.asked;
    assert.equal(call.cluster, "outbound|443||vendor");
    assert.equal(call.headers.get(":path"), "/v1/files/f-1/content");
    assert.equal(call.headers.get(":authority"), "api.moonshot.cn");
    assert.equal(call.headers.get("authorization"), "Bearer key-1");
    set.serve({ status: 200, body: JSON.stringify({ content: "from the file" }) });
    assert.deepEqual(set.messages(), [["from the file", "hi"]]);
  });

  it("needs all of its parts", () => {
    const text = (provider) =>
      plugin("ai-proxy", {
        provider: { type: "moonshot", apiTokens: ["k"], ...provider },
      }).vm.takeLog();
    assert.match(
      text({ context: {} }),
      /missing fileUrl in context config.*missing serviceName.*missing servicePort/s,
    );
    assert.match(
      text({ context: CONTEXT, moonshotFileId: "f" }),
      /moonshotFileId and context cannot be configured at the same time/,
    );
  });
});

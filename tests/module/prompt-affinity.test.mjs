/** `affinity`: requests with the same prompt in front, or of one consumer, keep to one key of the provider. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import { BUILDS, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const KEYS = Array.from({ length: 8 }, (_, i) => `key-${i}`);
const LONG = "You are careful. ".repeat(400);
const MARK = { cache_control: { type: "ephemeral" } };

/** The key that a request went out with. */
const keyOf = (request) =>
  (request.headers.get("authorization") ?? request.headers.get("x-api-key"))?.replace(
    "Bearer ",
    "",
  );

/** Requests of one long prompt in each protocol. `question` differs. */
const PROTOCOLS = {
  chats: (prompt, question) => ({
    path: "/v1/chat/completions",
    body: {
      model: "m",
      messages: [
        { role: "system", content: prompt },
        { role: "user", content: question },
      ],
    },
  }),
  messages: (prompt, question) => ({
    path: "/v1/messages",
    body: {
      model: "m",
      max_tokens: 9,
      system: prompt,
      messages: [{ role: "user", content: question }],
    },
  }),
  responses: (prompt, question) => ({
    path: "/v1/responses",
    body: { model: "m", instructions: prompt, input: question },
  }),
  "Google's": (prompt, question) => ({
    path: "/v1beta/models/m:generateContent",
    body: {
      systemInstruction: { parts: [{ text: prompt }] },
      contents: [{ role: "user", parts: [{ text: question }] }],
    },
  }),
};

for (const build of BUILDS) {
  const start = (affinity, config = {}) => {
    const provider = { type: "openai", apiTokens: KEYS, affinity, ...config };
    const proxy = plugin("ai-proxy", { provider }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const keyFor = (proxy, { path, body, headers = {}, status = 200 }) => {
    const upstream = jsonUpstream({}, { status });
    const request = {
      path,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
    exchange([proxy], request, upstream);
    return keyOf(upstream.requests[0]);
  };
  const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));

  describe(`affinity (${build})`, () => {
    for (const [name, make] of Object.entries(PROTOCOLS)) {
      it(`prefix, ${name}: one long prompt has one key, many prompts have many`, () => {
        const proxy = start("prefix");
        const keys = times(20, (i) => keyFor(proxy, make(LONG, `question ${i}`)));
        assert.equal(new Set(keys).size, 1, keys.join());
        const others = times(40, (i) => keyFor(proxy, make(`${i} ${LONG}`, "question")));
        assert.ok(new Set(others).size > 5, others.join());
      });

      it(`prefix, ${name}: a short prompt keeps its conversation apart from others`, () => {
        const proxy = start("prefix");
        const keys = times(40, (i) => keyFor(proxy, make("Be brief.", `question ${i}`)));
        assert.ok(new Set(keys).size > 5, keys.join());
        const again = times(10, () => keyFor(proxy, make("Be brief.", "question 1")));
        assert.deepEqual([...new Set(again)], [keys[1]]);
      });
    }

    it("prefix: a conversation keeps its key as it grows and the client's marks move", () => {
      const proxy = start("prefix", { type: "claude" });
      for (let i = 0; i < 12; i++) {
        const ask = (messages) =>
          keyFor(proxy, { path: "/v1/messages", body: { model: "m", max_tokens: 9, messages } });
        const text = { type: "text", text: `question ${i}` };
        const first = ask([{ role: "user", content: [{ ...text, ...MARK }] }]);
        const answer = { role: "assistant", content: "yes" };
        const more = { role: "user", content: [{ type: "text", text: "more", ...MARK }] };
        assert.equal(ask([{ role: "user", content: [text] }, answer, more]), first);
        assert.equal(ask([{ role: "user", content: text.text }, answer, more]), first);
      }
    });

    it("prefix: the line that names who pays does not separate requests", () => {
      const proxy = start("prefix", { type: "claude" });
      const keys = times(12, (i) => {
        const billing = { type: "text", text: `x-anthropic-billing-header: v=1; cch=${i};` };
        const system = [billing, { type: "text", text: LONG, ...(i % 2 ? MARK : {}) }];
        const messages = [{ role: "user", content: `q ${i}` }];
        const body = { model: "m", max_tokens: 9, system, messages };
        return keyFor(proxy, { path: "/v1/messages", body });
      });
      assert.equal(new Set(keys).size, 1, keys.join());
    });

    it("prefix: bodies that pass untouched count as well", () => {
      const proxy = start("prefix", { protocol: "original" });
      const keys = times(20, (i) => keyFor(proxy, PROTOCOLS.chats(LONG, `question ${i}`)));
      assert.equal(new Set(keys).size, 1);
    });

    it("prefix: what is no prompt goes by chance, and is no fault", () => {
      const proxy = start("prefix", { protocol: "original" });
      for (const body of ["{", "[]", '{"messages":7}', '{"messages":[1,null,[]]}', '""', ""]) {
        const upstream = jsonUpstream({});
        const headers = { "content-type": "application/json" };
        exchange([proxy], { path: "/v1/chat/completions", headers, body }, upstream);
        assert.match(keyOf(upstream.requests[0]), /^key-\d$/, body);
      }
    });

    it("prefix: while the key is out its requests share another one", () => {
      const failover = { enabled: true, cooldownDuration: 60_000, failureThreshold: 1 };
      const proxy = start("prefix", { failover });
      const request = PROTOCOLS.chats(LONG, "question");
      expectLog(/^key \d of provider openai is out after status 500/);
      const usual = keyFor(proxy, { ...request, status: 500 });
      const keys = times(20, () => keyFor(proxy, request));
      assert.equal(new Set(keys).size, 1, keys.join());
      assert.notEqual(keys[0], usual);
    });

    it("prefix: attempts of an upstream filter go to one key after the other", () => {
      const proxy = plugin(
        "ai-proxy",
        {
          upstreamFilter: true,
          provider: { type: "openai", apiTokens: KEYS, affinity: "prefix" },
        },
        { build },
      );
      const { path, body } = PROTOCOLS.chats(LONG, "question");
      const run = () => {
        let properties = {};
        return times(3, () => {
          let sent;
          const answer = (request) => ((sent = request), { status: 503, chunks: ["{}"] });
          const stream = new Stream([proxy], answer, { properties });
          const headers = {
            ":method": "POST",
            ":path": path,
            ":authority": "g",
            "content-type": "application/json",
          };
          stream.sendHeaders(headers).sendBody(JSON.stringify(body), true);
          properties = Object.fromEntries(
            [...stream.properties].map(([name, value]) => [name.replaceAll("\0", "."), value]),
          );
          return keyOf(sent);
        });
      };
      const keys = run();
      assert.equal(new Set(keys).size, 3, keys.join());
      assert.deepEqual(run(), keys);
    });

    it("consumer: each keeps to one key, named by the gateway or by a credential", () => {
      const proxy = start("consumer");
      const of = (headers) =>
        new Set(
          times(12, (i) => keyFor(proxy, { ...PROTOCOLS.chats(LONG, `question ${i}`), headers })),
        );
      assert.equal(of({ "x-mse-consumer": "alice" }).size, 1);
      assert.equal(of({ authorization: "Bearer one" }).size, 1);
      assert.ok(of({}).size > 3, "nobody: by chance");
      const many = times(40, (i) => [...of({ authorization: `Bearer ${i}` })][0]);
      assert.ok(new Set(many).size > 5);
    });

    it("off: by chance, as ever", () => {
      const proxy = start(undefined);
      const keys = times(40, () => keyFor(proxy, PROTOCOLS.chats(LONG, "question")));
      assert.ok(new Set(keys).size > 5, keys.join());
    });

    it("another word is an error", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { type: "openai", apiTokens: KEYS, affinity: "sticky" } },
        { build },
      );
      assert.match(
        proxy.vm.takeLog(),
        /affinity: unknown value "sticky", expected one of off, prefix/,
      );
    });
  });
}

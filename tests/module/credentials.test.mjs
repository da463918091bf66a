/** Credentials in the configuration: what is no key starts nothing, and no client's stands in for one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, exchange, jsonUpstream, plugin } from "./support.mjs";
import { ask, providerOf, TYPES } from "./types.mjs";

const load = (type, members) => plugin("ai-proxy", { provider: providerOf(type, members) });
const CLIENT = { authorization: "Bearer of-client", "x-api-key": "of-client" };
const KEY = "sk-operator-0123456789";

/** What no key is. */
const WRONG = [
  [{ apiTokens: {} }, /apiTokens: is an object, expected a string or an array/],
  [{ apiTokens: 7 }, /apiTokens: is a number, expected a string or an array/],
  [{ apiTokens: true }, /apiTokens: is a boolean/],
  [{ apiTokens: [["k"]] }, /apiTokens\[0\]: is an array, expected a string/],
  [{ apiTokens: ["good-key", null] }, /apiTokens\[1\]: is null, expected a string/],
  [{ apiTokens: [""] }, /apiTokens: (contains no usable key|no apiToken)/],
  [{ apiTokens: "" }, /apiTokens: (contains no usable key|no apiToken)/],
  [{ apiTokens: ["${OPENAI_API_KEY}"] }, /apiTokens\[0\]: refers to the variable OPENAI_API_KEY/],
  [{ apiTokens: ["good-key", "Bearer ${KEY}"] }, /apiTokens\[1\]: is a variable/],
  [{ apiTokens: ["os.environ/KEY"] }, /apiTokens\[0\]: is a variable/],
  [{ apiTokens: ["$OPENAI_API_KEY"] }, /apiTokens\[0\]: is a variable/],
  [{ apiTokens: ["{{ .Values.key }}"] }, /apiTokens\[0\]: is a variable/],
  [{ apiTokens: "[Your Key]" }, /apiTokens: is a placeholder/],
  [{ apiTokens: ["<your-key>"] }, /apiTokens\[0\]: is a placeholder/],
  [{ apiTokens: ["good-key"], clientAuth: ["pass"] }, /clientAuth: is an array/],
  [{ apiTokens: ["good-key"], authHeaderKey: {} }, /authHeaderKey: is an object/],
  [{ apiTokens: ["good-key"], protocol: true }, /protocol: is a boolean/],
  [{ apiTokens: ["good-key"], allowedPaths: "/v1/x" }, /allowedPaths: is a string/],
  [{ apiTokens: ["good-key"], allowedPaths: ["v1"] }, /allowedPaths: contains an invalid path: v1/],
  [{ apiTokens: ["good-key"], forwardHeaders: "x" }, /forwardHeaders: is a string/],
];

describe("credentials of every type", () => {
  for (const type of TYPES) {
    it(`${type}: a text is a list of one`, () => {
      const proxy = load(type, { apiTokens: KEY });
      assert.ok(proxy.accepted, proxy.vm.logText());
      if (type === "kling") return;
      const { sent } = ask(proxy, { body: chatBody(), headers: CLIENT });
      const all = sent.headers.fields.map(([, text]) => text).join("\n");
      assert.match(all, new RegExp(KEY));
      assert.doesNotMatch(all, /of-client/);
    });

    it(`${type}: an invalid key stops the load with the reason`, () => {
      for (const [members, words] of WRONG) {
        const proxy = load(type, members);
        assert.equal(proxy.accepted, false, JSON.stringify(members));
        assert.match(proxy.vm.takeLog(3), words);
        assert.doesNotMatch(proxy.vm.logText(), /good-key/);
      }
    });
  }
});

describe("credentials", () => {
  it("other keys' values are looked at as well", () => {
    for (const [type, members, words] of [
      ["bedrock", { awsAccessKey: "a", awsSecretKey: ["s"] }, /awsSecretKey: is an array/],
      ["bedrock", { awsAccessKey: "a" }, /awsAccessKey: has no effect without awsSecretKey/],
      [
        "bedrock",
        { awsSecretKey: "${S}", awsAccessKey: "a" },
        /awsSecretKey: refers to the variable S/,
      ],
      ["hunyuan", { hunyuanAuthId: {}, hunyuanAuthKey: "k" }, /hunyuanAuthId: is an object/],
      [
        "kling",
        { klingAccessKey: "a", klingSecretKey: "os.environ/S" },
        /klingSecretKey: is a var/,
      ],
      ["vertex", { apiTokens: [], vertexAuthKey: { type: "x" } }, /vertexAuthKey: is an object/],
      ["openai", { apiToken: {}, apiTokens: null }, /apiToken: is an object/],
    ]) {
      const proxy = load(type, members);
      assert.equal(proxy.accepted, false);
      assert.match(proxy.vm.takeLog(3), words);
    }
    const cache = (members) => plugin("ai-cache", members);
    for (const [members, words] of [
      [
        { cache: { type: "redis", serviceName: "r", password: "${P}" } },
        /password: refers to the variable P/,
      ],
      [{ role: "admin", token: "[Your token of 16 letters]" }, /token: is a placeholder/],
      [
        { embedding: { type: "openai", serviceName: "e", apiKey: "os.environ/K" } },
        /embedding\.apiKey: is a variable/,
      ],
    ]) {
      const refused = cache(members);
      assert.equal(refused.accepted, false);
      assert.match(refused.vm.takeLog(3), words);
    }
  });

  it("without any key the client's own is sent where the type says so, and a line reports it", () => {
    for (const type of ["openai", "vllm", "generic"]) {
      const proxy = load(type, { apiTokens: undefined });
      assert.ok(proxy.accepted);
      assert.match(proxy.vm.logText(2), /apiTokens: is empty: each client's own credential/);
      const { sent } = ask(proxy, {
        body: chatBody(),
        headers: { authorization: "Bearer client" },
      });
      assert.equal(sent.headers.get("authorization"), "Bearer client");
    }
    const ollama = load("ollama", { apiTokens: undefined });
    assert.doesNotMatch(ollama.vm.logText(2), /each client's own credential/);
  });

  it("a provider whose key cannot be used answers 500 and sends nobody's", () => {
    for (const apiTokens of [["${KEY}"], [""], {}, "<key>"]) {
      const proxy = plugin("ai-proxy", {
        providers: [
          { id: "bad", type: "openai", apiTokens },
          { id: "good", type: "openai", apiTokens: [KEY] },
        ],
        activeProviderId: "bad",
        _rules_: [{ _match_route_: ["good"], activeProviderId: "good" }],
      });
      assert.ok(proxy.accepted, "the other provider works");
      assert.match(proxy.vm.takeLog(3), /disabled: providers\[0\]\.apiTokens/);
      const { sent, stream } = ask(proxy, { body: chatBody(), headers: CLIENT });
      assert.equal(sent, undefined);
      assert.equal(stream.received.status, 500);
      assert.match(stream.json.error.message, /apiTokens/);
      const good = ask(
        proxy,
        { body: chatBody(), headers: CLIENT },
        { properties: { "xds.route_name": "good" } },
      );
      assert.equal(good.sent.headers.get("authorization"), `Bearer ${KEY}`);
    }
  });

  it("providers that nothing chooses are reported", () => {
    const providers = [{ id: "a", type: "openai", apiTokens: [KEY] }];
    const words = /providers: none of them is used: select one with activeProviderId/;
    const unused = plugin("ai-proxy", { providers });
    assert.match(unused.vm.takeLog(3), words);
    const { sent } = ask(unused, { body: chatBody(), headers: CLIENT });
    assert.equal(sent.headers.get("authorization"), "Bearer of-client", "left alone");
    const rule = { _match_route_: ["r"], activeProviderId: "a" };
    assert.doesNotMatch(plugin("ai-proxy", { providers, _rules_: [rule] }).vm.takeLog(3), words);
  });

  it("a credential of the vendor's own kind that its error repeats does not reach the client", () => {
    const secret = "of-the-operator/0123456789";
    const video = { path: "/v1/videos", body: '{"model":"kling-v1","prompt":"p"}' };
    const session = { awsRegion: "r", awsAccessKey: "AKID", awsSessionToken: `session-${secret}` };
    for (const [type, members, request] of [
      ["bedrock", { ...session, awsSecretKey: secret }],
      ["hunyuan", { hunyuanAuthId: "AKID", hunyuanAuthKey: secret }],
      ["kling", { klingAccessKey: "AKID", klingSecretKey: secret }, video],
    ]) {
      const proxy = load(type, { apiTokens: undefined, ...members });
      assert.ok(proxy.accepted, proxy.vm.logText());
      const sent = [];
      const upstream = jsonUpstream(
        ({ headers }) => {
          sent.push(
            secret,
            members.awsSessionToken,
            type === "kling" && headers.get("authorization"),
          );
          return { error: { message: `bad: ${sent.filter(Boolean).join(" ")}` } };
        },
        { status: 401 },
      );
      const { text } = exchange([proxy], request ?? { body: chatBody() }, upstream);
      for (const value of sent.filter(Boolean)) {
        assert.ok(!text.includes(value.replace("Bearer ", "")), `${type}: ${text}`);
      }
      assert.match(text, /bad: \*\*\*/, type);
    }
  });

  it("a key that the vendor's error repeats does not reach the client", () => {
    const key = "sk-op/er+ator/0123456789";
    for (const members of [{}, { protocol: "original" }, { type: "generic" }, { type: "claude" }]) {
      for (const written of [key, key.replaceAll("/", "\\/")]) {
        const proxy = plugin("ai-proxy", {
          provider: { type: "openai", apiTokens: [key], ...members },
        });
        const answer = `{"error":{"message":"Incorrect API key: ${written} and ${written}"}}`;
        const upstream = jsonUpstream(answer, { status: 401 });
        const stream = exchange([proxy], { body: chatBody() }, upstream);
        assert.equal(stream.json.error.message, "Incorrect API key: *** and ***");
        assert.equal(stream.received.headers.get("content-length"), String(stream.body.length));
      }
    }
  });

  it("no part of a key stands at the end of a logged error", () => {
    for (let shift = 0; shift <= KEY.length; shift++) {
      const proxy = load("openai", { apiTokens: [KEY], logUpstreamErrorResponseBody: true });
      const head = '{"error":{"message":"';
      const text = "x".repeat(16_384 - head.length - shift) + KEY + "y".repeat(100);
      exchange([proxy], { body: chatBody() }, jsonUpstream(`${head}${text}"}}`, { status: 401 }));
      const logged = proxy.vm.takeLog(3);
      assert.match(logged, /status 401 of openai: /);
      assert.doesNotMatch(logged, /xs/, `a key's first letters, cut ${shift} before its end`);
    }
  });

  it("nor of keys that fill it, and a short error is logged to its end", () => {
    for (let shift = 0; shift <= KEY.length; shift++) {
      const log = (text) => {
        const proxy = load("openai", { apiTokens: [KEY], logUpstreamErrorResponseBody: true });
        exchange([proxy], { body: chatBody() }, jsonUpstream(text, { status: 401 }));
        return /status 401 of openai: (.*)/.exec(proxy.vm.takeLog(3))[1];
      };
      const filled = log(`{"m":"${"x".repeat(shift)}${KEY.repeat(2000)}"}`);
      assert.match(filled, /^\{"m":"x*(\*\*\*)+\*?\*?$/, `shifted by ${shift}`);
      const short = `{"m":"${"x".repeat(shift)}!"}`;
      assert.equal(log(short), short);
      const cut = log(`{"m":"${"x".repeat(20_000)}"}`);
      assert.equal(cut.length, 16_384);
    }
  });

  it("no credential that was sent stands in a logged error, whosever it was", () => {
    const secret = "of-somebody/0123456789";
    for (const [type, members, headers] of [
      ["openai", { apiTokens: undefined }, { authorization: `Bearer ${secret}` }],
      ["openai", { apiTokens: undefined, authHeaderKey: "x-mine" }, { "x-mine": secret }],
      ["vllm", { apiTokens: undefined }, { "api-key": secret }],
      ["vllm", { apiTokens: undefined }, { "proxy-authorization": `Basic ${secret}` }],
      ["claude", { apiTokens: [secret] }],
      ["bedrock", { apiTokens: undefined, awsAccessKey: "AKID", awsSecretKey: secret }],
    ]) {
      const proxy = load(type, { ...members, logUpstreamErrorResponseBody: true });
      const upstream = jsonUpstream({ message: `bad: ${secret}!` }, { status: 401 });
      const sent = exchange([proxy], { body: chatBody(), headers }, upstream);
      assert.equal(sent.received.status, 401);
      const log = proxy.vm.takeLog(3);
      assert.match(log, /bad: \*\*\*!/, type);
      assert.ok(!log.includes(secret), type);
    }
  });

  it("a key of an attempt before, which an error repeats, does not reach the client", () => {
    const apiTokens = ["sk-one-0123456789", "sk-two-0123456789"];
    const retryOnFailure = { enabled: true, maxRetries: 1 };
    const proxy = plugin("ai-proxy", { provider: { type: "openai", apiTokens, retryOnFailure } });
    proxy.vm.onHttpCall = () => 0;
    const error = JSON.stringify({ error: { message: `not ${apiTokens.join(" nor ")}` } });
    const upstream = () => ({
      status: 500,
      headers: { "content-type": "application/json" },
      chunks: [error],
    });
    const properties = { "xds.cluster_name": "llm" };
    const stream = exchange([proxy], { body: chatBody() }, upstream, { properties });
    const [call] = proxy.vm.calls.keys();
    proxy.vm.answer(call, { status: 500, body: error });
    assert.equal(stream.json.error.message, "not *** nor ***");
  });

  it("a key is masked wherever it stands, with its slashes escaped or not", () => {
    for (const key of ["/of-the-operator", KEY]) {
      const proxy = load("openai", { apiTokens: [key] });
      for (const [text, told] of [
        [key, "***"],
        [`${key}${key} ${key}`, "****** ***"],
        [`see ${key.replaceAll("/", "\\/")}!`, "see ***!"],
      ]) {
        const upstream = () => ({
          status: 401,
          headers: { "content-type": "text/plain" },
          chunks: [text],
        });
        const { json } = exchange([proxy], { body: chatBody() }, upstream);
        assert.equal(json.error.message, told);
      }
    }
  });

  it("what is shorter than a key can be is not masked", () => {
    for (const [key, told] of [
      ["eight-by", "***"],
      ["seven-b", "seven-b"],
    ]) {
      const proxy = load("openai", { apiTokens: [key] });
      const upstream = jsonUpstream({ error: { message: key } }, { status: 401 });
      const { json } = exchange([proxy], { body: chatBody() }, upstream);
      assert.equal(json.error.message, told);
    }
  });

  it("of more than 255 keys none is forgotten or tried twice", () => {
    const apiTokens = Array.from({ length: 300 }, (_, i) => `key-${i}-`);
    const proxy = plugin("ai-proxy", {
      upstreamFilter: true,
      provider: { type: "openai", id: "p", apiTokens },
    });
    const tried = [299, 43, 256];
    const frame = (index) => {
      const out = Buffer.alloc(7);
      out.writeUInt32LE(1, 0);
      out.write("p", 4);
      out.writeUInt16LE(index, 5);
      return out;
    };
    const used = new Set();
    for (let i = 0; i < 4000; i++) {
      const { sent } = ask(
        proxy,
        { body: chatBody() },
        { properties: { ai_proxy_tried: Buffer.concat(tried.map(frame)) } },
      );
      used.add(sent.headers.get("authorization"));
    }
    for (const index of tried) assert.equal(used.has(`Bearer key-${index}-`), false, String(index));
    assert.equal(used.size, 297);
  });
});

describe("variables of the environment", () => {
  const environment = { OTHER: "x", KEY: "sk-of-environment", FILE: " sk-of-file\n", EMPTY: "" };
  const loaded = (value, build) =>
    plugin(
      "ai-proxy",
      { provider: { type: "openai", apiTokens: [value] } },
      { environment, build },
    );

  for (const build of ["stock", "higress"]) {
    it(`are what ${build} credentials name, without the line end of a file`, () => {
      for (const [name, key] of [
        ["KEY", "sk-of-environment"],
        ["FILE", "sk-of-file"],
      ]) {
        const proxy = loaded(`\${${name}}`, build);
        assert.ok(proxy.accepted, proxy.vm.logText());
        const { sent } = ask(proxy, { body: chatBody() });
        assert.equal(sent.headers.get("authorization"), `Bearer ${key}`);
        assert.doesNotMatch(proxy.vm.logText(), new RegExp(key));
      }
    });
  }

  it("that are missing or empty stop the load, and are named with what to do", () => {
    for (const name of ["NOBODY", "EMPTY", "KE"]) {
      const proxy = loaded(`\${${name}}`);
      assert.ok(!proxy.accepted);
      const words = new RegExp(`apiTokens\\[0\\]: refers to the variable ${name}, .*host_env_keys`);
      assert.match(proxy.vm.takeLog(3), words);
    }
  });

  it("are read for every text, and only when they are the whole of it", () => {
    const cache = plugin(
      "ai-cache",
      {
        cache: { type: "redis", serviceName: "${OTHER}", password: "${KEY}" },
        revision: "a${KEY}",
      },
      { environment },
    );
    assert.ok(cache.accepted, cache.vm.logText());
    assert.match(cache.vm.logText(), /redis tcp → cluster x,/);
  });
});

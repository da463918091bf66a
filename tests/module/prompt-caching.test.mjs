/** `promptCaching`: what vendors are told to keep of prompts, only where that pays. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, jsonUpstream, plugin, SharedData } from "./support.mjs";

const START = 1_700_000_000_000;
const LONG = "You are careful. ".repeat(400);
const AUTO = { mode: "auto" };
const MARK = { cache_control: { type: "ephemeral" } };
const text = (words, mark = {}) => ({ type: "text", text: words, ...mark });
const user = (content) => ({ role: "user", content });
const assistant = (content) => ({ role: "assistant", content });
const TOOL = { name: "f", description: LONG, input_schema: { type: "object" } };
const FUNCTION = {
  type: "function",
  function: { name: "f", description: LONG, parameters: { type: "object" } },
};

/** Every type that can be told, how it is asked and where its marks stand. */
const CLAUDE = { type: "claude", path: "/v1/messages", model: "claude-sonnet-4-5" };
const NATIVE = {
  claude: CLAUDE,
  vertex: { ...CLAUDE, type: "vertex", dropsModel: true },
  "bedrock's mantle": {
    ...CLAUDE,
    type: "bedrock",
    config: { awsRegion: "us-east-1", providerDomain: "bedrock-mantle.us-east-1.api.aws" },
    model: "anthropic.claude-sonnet-4-5",
  },
};

for (const build of BUILDS) {
  /** A gateway whose workers share what they have seen; `ask` gives the body as it went out. */
  function gateway({ type = "claude", config = {}, settings = AUTO, keys = ["key-1"] } = {}) {
    const shared = new SharedData();
    const clock = { now: START };
    const provider = { type, apiTokens: keys, promptCaching: settings, ...config };
    const workers = [1, 2].map(() => {
      const options = { build, shared, now: () => clock.now };
      const proxy = plugin("ai-proxy", { provider }, options);
      assert.ok(proxy.accepted, proxy.vm.logText());
      return proxy;
    });
    let turn = 0;
    const send = (path, body, headers = {}) => {
      const upstream = jsonUpstream({});
      const sent = { "content-type": "application/json", ...headers };
      const request = {
        path,
        headers: sent,
        body: typeof body === "string" ? body : JSON.stringify(body),
      };
      exchange([workers[turn++ % workers.length]], request, upstream);
      assert.equal(
        upstream.requests[0].headers.get("content-length"),
        String(upstream.requests[0].body.length),
      );
      return upstream.requests[0].body.toString();
    };
    return { send, clock, ask: (...args) => JSON.parse(send(...args)) };
  }
  const marksIn = (body) => JSON.stringify(body).split(/"cache_control"|"cachePoint"/).length - 1;

  describe(`prompts are marked where that pays (${build})`, () => {
    for (const [name, { path, model, dropsModel, ...rest }] of Object.entries(NATIVE)) {
      it(`${name}: a system prompt when it is seen the second time, all else byte for byte`, () => {
        const { send, ask } = gateway(rest);
        const body = (question) =>
          `{ "model":"${model}","max_tokens":12345678901234567890, "new":{"b":1.0},\n"system":[{"type":"text","text":"${LONG}"}],"messages":[{"role":"user","content":"${question}"}]}`;
        const plain = (question) => {
          const sent = body(question);
          if (!dropsModel) return sent;
          const version = '"anthropic_version":"vertex-2023-10-16",';
          return sent.replace(`"model":"${model}",`, version);
        };
        assert.equal(send(path, body("one")), plain("one"));
        const marked = plain("two").replace(
          `"${LONG}"}]`,
          `"${LONG}","cache_control":{"type":"ephemeral"}}]`,
        );
        assert.equal(send(path, body("two")), marked);
        const other = ask(path, { model, max_tokens: 1, system: `Not ${LONG}`, messages: [] });
        assert.equal(marksIn(other), 0);
      });
    }

    it("a system prompt that is a text becomes a block", () => {
      const { ask } = gateway();
      const body = { model: CLAUDE.model, max_tokens: 9, system: LONG, messages: [user("a")] };
      ask(CLAUDE.path, body);
      const sent = ask(CLAUDE.path, { ...body, messages: [user("b")] });
      assert.deepEqual(sent, { ...body, system: [text(LONG, MARK)], messages: [user("b")] });
    });

    it("a conversation at its end as soon as it grows, and where it ended before", () => {
      const { ask } = gateway();
      const body = (...messages) => ({ model: CLAUDE.model, max_tokens: 9, messages });
      const first = user(LONG);
      assert.equal(marksIn(ask(CLAUDE.path, body(first))), 0);
      const second = body(first, assistant("yes"), user([text("more")]));
      assert.deepEqual(ask(CLAUDE.path, second).messages, [
        user([text(LONG, MARK)]),
        assistant("yes"),
        user([text("more", MARK)]),
      ]);
      const result = { type: "tool_result", tool_use_id: "t", content: "R" };
      const call = { type: "tool_use", id: "t", name: "f", input: {} };
      const third = body(...second.messages, assistant([call]), user([result]));
      assert.deepEqual(ask(CLAUDE.path, third).messages.slice(2), [
        user([text("more", MARK)]),
        assistant([call]),
        user([{ ...result, ...MARK }]),
      ]);
    });

    it("single questions never", () => {
      const { ask } = gateway();
      for (let i = 0; i < 30; i++) {
        const messages = [user(`${i} ${LONG}`)];
        assert.equal(marksIn(ask(CLAUDE.path, { model: "claude-x", max_tokens: 9, messages })), 0);
      }
    });

    it("tools where the system prompt changes, and not those that are loaded later", () => {
      const { ask } = gateway();
      const body = (system, tools) => ({
        model: CLAUDE.model,
        max_tokens: 9,
        tools,
        system,
        messages: [user("a")],
      });
      ask(CLAUDE.path, body("one", [TOOL]));
      const sent = ask(CLAUDE.path, body("two", [TOOL]));
      assert.deepEqual(sent, body("two", [{ ...TOOL, ...MARK }]));
      const late = { ...TOOL, defer_loading: true };
      ask(CLAUDE.path, body("one", [late]));
      assert.equal(marksIn(ask(CLAUDE.path, body("two", [late]))), 0);
    });

    it("at most four, with tools, system prompt and a long conversation", () => {
      const { ask } = gateway();
      const messages = [user(LONG)];
      for (let i = 0; i < 8; i++) {
        const body = { model: CLAUDE.model, max_tokens: 9, tools: [TOOL], system: LONG, messages };
        const count = marksIn(ask(CLAUDE.path, body));
        assert.ok(count <= 4 && (i === 0 || count === 3), String(count));
        messages.push(assistant("yes"), user(`more ${i}`));
      }
    });

    it("not where the client has set marks of its own", () => {
      const { send } = gateway();
      const messages = [user([text("a", MARK)])];
      const body = JSON.stringify({ model: CLAUDE.model, max_tokens: 9, system: LONG, messages });
      for (let i = 0; i < 3; i++) assert.equal(send(CLAUDE.path, body), body);
    });

    it("not after thoughts, empty texts and values that are not blocks", () => {
      const { ask } = gateway();
      const thought = { type: "thinking", thinking: "hm", signature: "s" };
      for (const last of [assistant([thought]), user(""), user([text("")]), user([]), user(7)]) {
        const messages = [user(LONG), assistant("a"), last];
        const body = { model: CLAUDE.model, max_tokens: 9, messages };
        ask(CLAUDE.path, body);
        assert.deepEqual(ask(CLAUDE.path, body).messages[2], last);
      }
    });

    it("not for prompts that are too short to be kept, by minTokens", () => {
      for (const [minTokens, count] of [
        [1024, 1],
        [2048, 0],
      ]) {
        const { ask } = gateway({ settings: { mode: "auto", minTokens } });
        const body = { model: CLAUDE.model, max_tokens: 9, system: LONG, messages: [user("a")] };
        ask(CLAUDE.path, body);
        assert.equal(marksIn(ask(CLAUDE.path, { ...body, messages: [user("b")] })), count);
      }
    });

    for (const [ttl, life] of [
      ["5m", 300],
      ["1h", 3600],
    ]) {
      it(`only what was seen within the life of ${ttl}`, () => {
        const { ask, clock } = gateway({ settings: { mode: "auto", ttl } });
        const mark = { cache_control: { type: "ephemeral", ...(ttl === "1h" ? { ttl } : {}) } };
        const body = (i) => ({
          model: CLAUDE.model,
          max_tokens: 9,
          system: LONG,
          messages: [user(`${i}`)],
        });
        ask(CLAUDE.path, body(0));
        clock.now += (life + 1) * 1000;
        assert.equal(marksIn(ask(CLAUDE.path, body(1))), 0);
        clock.now += (life - 1) * 1000;
        assert.deepEqual(ask(CLAUDE.path, body(2)).system, [text(LONG, mark)]);
      });
    }

    it("each key of the vendor's by itself, and each client's where its own key goes on", () => {
      const keys = ["key-1", "key-2"];
      const { send } = gateway({ keys, config: { affinity: "consumer" } });
      const body = { model: CLAUDE.model, max_tokens: 9, system: LONG, messages: [user("a")] };
      const of = (name) => marksIn(JSON.parse(send(CLAUDE.path, body, { "x-mse-consumer": name })));
      const counts = ["a", "b", "c", "d", "e", "f"].map(of);
      assert.equal(counts.filter((count) => count === 0).length, 2, counts.join());
      const own = gateway({
        keys: [],
        type: "openai",
        config: { openaiCustomUrl: "https://s/v1" },
      });
      const names = ["one", "two", "one"].map(
        (key) =>
          own.ask(
            "/v1/chat/completions",
            { model: "m", messages: [{ role: "system", content: LONG }] },
            { authorization: `Bearer ${key}` },
          ).prompt_cache_key,
      );
      assert.deepEqual(names, [undefined, undefined, undefined], "an unknown server gets no key");
    });

    it("off is the default", () => {
      for (const settings of [null, { mode: "off" }, {}]) {
        const { send } = gateway({ settings });
        const body = JSON.stringify({
          model: CLAUDE.model,
          max_tokens: 9,
          system: LONG,
          messages: [user("a")],
        });
        for (let i = 0; i < 3; i++) assert.equal(send(CLAUDE.path, body), body);
      }
    });

    it("invalid bodies pass as ever", () => {
      const { send } = gateway();
      const pad = " ".repeat(5000);
      for (const body of [
        `{"model":"claude-x","messages":7}${pad}`,
        `{"model":"claude-x","messages":[1,null,[],{"content":{}}]}${pad}`,
        `{"model":"claude-x","system":9,"tools":{},"messages":[{"role":5}]}${pad}`,
      ])
        for (let i = 0; i < 2; i++) assert.equal(send(CLAUDE.path, body), body);
    });
  });

  describe(`prompts of chats are marked, too (${build})`, () => {
    const chat = (question, members = {}) => ({
      model: "m",
      messages: [{ role: "system", content: LONG }, user(question)],
      ...members,
    });
    const PATH = "/v1/chat/completions";

    for (const [name, { model, ...rest }] of Object.entries({
      claude: { type: "claude", model: "claude-sonnet-4-5" },
      vertex: { type: "vertex", model: "claude-sonnet-4-5" },
    })) {
      it(`${name}: in Anthropic's words`, () => {
        const { ask } = gateway({ ...rest, config: { modelMapping: { "*": model } } });
        assert.equal(marksIn(ask(PATH, chat("one"))), 0);
        assert.deepEqual(ask(PATH, chat("two")).system, [text(LONG, MARK)]);
      });
    }

    it("bedrock: with cache points", () => {
      const point = { cachePoint: { type: "default" } };
      const config = { awsRegion: "r", modelMapping: { "*": "anthropic.claude-sonnet-4-5" } };
      const { ask } = gateway({ type: "bedrock", config });
      const tools = [FUNCTION];
      assert.equal(marksIn(ask(PATH, chat("one", { tools }))), 0);
      const second = ask(PATH, chat("two", { tools }));
      assert.deepEqual(second.system, [{ text: LONG }, point]);
      const grown = chat("two", { tools });
      grown.messages.push(assistant("yes"), user("three"));
      const third = ask(PATH, grown);
      assert.deepEqual(
        third.messages.map(({ content }) => content.length),
        [2, 1, 2],
      );
      assert.deepEqual(third.messages[2].content[1], point);
      const changed = (system) =>
        ask(PATH, {
          model: "m",
          tools,
          messages: [{ role: "system", content: system }, user("a")],
        });
      changed("a");
      assert.deepEqual(changed("b").toolConfig.tools[1], point);
    });

    it("bedrock: Nova's tools have none, other models nothing", () => {
      const of = (model) => {
        const config = { awsRegion: "r", modelMapping: { "*": model } };
        const { ask } = gateway({ type: "bedrock", config });
        ask(PATH, chat("one", { tools: [FUNCTION] }));
        return marksIn(ask(PATH, chat("two", { tools: [FUNCTION] })));
      };
      assert.equal(of("amazon.nova-pro-v1:0"), 1);
      assert.equal(of("meta.llama3-70b-instruct-v1:0"), 0);
    });

    it("openrouter: in parts of Claude's messages alone", () => {
      const of = (model) => {
        const { ask } = gateway({ type: "openrouter", config: { modelMapping: { "*": model } } });
        ask(PATH, chat("one", { tools: [FUNCTION] }));
        const second = ask(PATH, chat("two", { tools: [FUNCTION] }));
        assert.equal(marksIn(second.tools), 0);
        return second.messages[0].content;
      };
      assert.deepEqual(of("anthropic/claude-sonnet-4-5"), [text(LONG, MARK)]);
      assert.equal(of("openai/gpt-5"), LONG);
    });

    it("openai: a name for the conversation, the same as it grows", () => {
      for (const [path, make] of [
        [PATH, chat],
        ["/v1/responses", (words) => ({ model: "m", instructions: LONG, input: [user(words)] })],
      ]) {
        const { ask } = gateway({ type: "openai" });
        const first = ask(path, make("one"));
        assert.match(first.prompt_cache_key, /^[0-9a-f]{16}$/);
        const grown = make("one");
        (grown.messages ?? grown.input).push(assistant("yes"), user("more"));
        assert.equal(ask(path, grown).prompt_cache_key, first.prompt_cache_key);
        assert.notEqual(ask(path, make("two")).prompt_cache_key, first.prompt_cache_key);
        const own = { ...make("one"), prompt_cache_key: "mine" };
        assert.equal(ask(path, own).prompt_cache_key, "mine");
        const short = path === PATH ? { messages: [user("a")] } : { input: "a" };
        assert.equal(ask(path, { model: "m", ...short }).prompt_cache_key, undefined);
      }
    });

    it("those that do not know the name do not get it", () => {
      for (const type of ["groq", "mistral", "deepseek"]) {
        const { ask } = gateway({ type });
        const sent = ask(PATH, chat("one"));
        assert.ok(!("prompt_cache_key" in sent), type);
        assert.equal(marksIn(ask(PATH, chat("one"))), 0, type);
      }
    });
  });

  describe(`the configuration of promptCaching (${build})`, () => {
    for (const [settings, words] of [
      [{ mode: "on" }, /promptCaching\.mode: unknown value "on", expected one of off, auto/],
      [{ mode: "auto", ttl: "2h" }, /promptCaching\.ttl: unknown value "2h"/],
      [{ mode: "auto", minTokens: -1 }, /promptCaching\.minTokens: -1 is out of range/],
      [{ mode: "auto", min: 1 }, /unknown key min/],
    ])
      it(`${JSON.stringify(settings)} is told`, () => {
        const provider = { type: "claude", apiTokens: ["k"], promptCaching: settings };
        assert.match(plugin("ai-proxy", { provider }, { build }).vm.takeLog(), words);
      });
  });
}

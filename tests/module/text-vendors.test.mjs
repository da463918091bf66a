/** Vendors that take one text instead of a chat: what their configuration decides. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const start = (provider) => plugin("ai-proxy", { provider: { apiTokens: ["key-1"], ...provider } });
const ask = (proxy, { body = chatBody("hi"), headers } = {}, upstream = jsonUpstream({})) => {
  const stream = exchange([proxy], { body, headers }, upstream);
  return { stream, request: upstream.requests[0] };
};

describe("bots of Coze", () => {
  it("a conversation that Coze keeps is named in the query, and gets the last message alone", () => {
    const messages = [
      { role: "user", content: "first" },
      { role: "assistant", content: "answer" },
      { role: "user", content: "second" },
    ];
    const body = JSON.stringify({ model: "m", messages });
    const proxy = start({ type: "coze", cozeBotId: "B" });
    const { request } = ask(proxy, { body, headers: { conversationid: "c/1" } });
    assert.equal(request.headers.get(":path"), "/v3/chat?conversation_id=c%2F1");
    const { additional_messages: sent } = JSON.parse(request.body);
    assert.deepEqual(sent, [{ role: "user", content: "second", content_type: "text" }]);

    const retrying = start({
      type: "coze",
      cozeBotId: "B",
      apiTokens: ["key-1", "key-2"],
      retryOnFailure: { enabled: true },
    });
    const calls = [];
    retrying.vm.onHttpCall = (call) => (calls.push(call), 0);
    const failing = jsonUpstream({}, { status: 503 });
    const properties = { "xds.cluster_name": "coze" };
    exchange([retrying], { body, headers: { conversationid: "c/1" } }, failing, { properties });
    assert.equal(
      Object.fromEntries(calls[0].headers.fields)[":path"],
      "/v3/chat?conversation_id=c%2F1",
      "another attempt goes on with it, too",
    );
  });

  it("without a bot, clients speak Coze's protocol", () => {
    const upstream = jsonUpstream({ own: true });
    const proxy = start({ type: "coze" });
    const stream = exchange([proxy], { path: "/v3/chat", body: '{"bot_id":"x"}' }, upstream);
    assert.deepEqual(stream.json, { own: true });
    assert.equal(upstream.requests[0].headers.get(":path"), "/v3/chat");
  });
});

describe("apps of Dify", () => {
  const event = (members) => `data: ${JSON.stringify(members)}\n\n`;

  it("agents are asked for a stream, which a client that wants one answer gets whole", () => {
    const requests = [];
    const upstream = (request) => {
      requests.push(request);
      return {
        headers: { "content-type": "text/event-stream; charset=utf-8" },
        chunks: [
          event({ event: "agent_thought", conversation_id: "c", thought: "hm" }),
          event({ event: "agent_message", conversation_id: "c", answer: "Hello" }),
          event({ event: "message_end", conversation_id: "c", metadata: {} }),
        ],
      };
    };
    const proxy = start({ type: "dify", botType: "Agent" });
    const { json } = exchange([proxy], { body: chatBody("hi") }, upstream);
    assert.equal(JSON.parse(requests[0].body).response_mode, "streaming");
    assert.equal(requests[0].headers.get(":path"), "/v1/chat-messages");
    assert.equal(json.id, "c");
    assert.deepEqual(json.choices[0].message, {
      role: "assistant",
      content: "Hello",
      reasoning_content: "hm",
    });
  });

  it("a conversation that Dify keeps gets the last question alone", () => {
    const messages = [
      { role: "user", content: "first" },
      { role: "assistant", content: "answer" },
      { role: "user", content: "second" },
    ];
    const body = JSON.stringify({ model: "m", messages });
    const proxy = start({ type: "dify", botType: "Chat" });
    const { request } = ask(proxy, { body, headers: { conversationid: "c-1" } });
    const { query, conversation_id: id } = JSON.parse(request.body);
    assert.deepEqual([query, id], ["second", "c-1"]);
  });

  it("completion apps take the question as an input", () => {
    const { request } = ask(start({ type: "dify", botType: "Completion" }));
    assert.equal(request.headers.get(":path"), "/v1/completion-messages");
    assert.deepEqual(JSON.parse(request.body), {
      inputs: { query: "hi" },
      response_mode: "blocking",
      user: "api-user",
    });
  });

  it("is taken for a chat where no kind is named, and a line says so", () => {
    expectLog(/botType: is missing, and Chat is used; there are Chat, Agent/);
    const { request } = ask(start({ type: "dify" }));
    assert.equal(request.headers.get(":path"), "/v1/chat-messages");
  });

  for (const [what, provider, words] of [
    ["an unknown kind", { botType: "Bot" }, /unknown value "Bot"/],
    ["a workflow without variables", { botType: "Workflow" }, /outputVariable.*for a workflow/],
  ]) {
    it(`refuses ${what}`, () => {
      const proxy = start({ type: "dify", ...provider });
      assert.equal(proxy.accepted, false);
      assert.match(proxy.vm.takeLog(), words);
    });
  }
});

describe("models of Triton", () => {
  it("are asked in the configured version", () => {
    const { request } = ask(
      start({ type: "triton", tritonDomain: "triton.local", tritonModelVersion: "3" }),
    );
    assert.equal(request.headers.get(":path"), "/v2/models/gpt-4/versions/3/generate");
  });

  it("need a server", () => {
    const proxy = start({ type: "triton" });
    assert.equal(proxy.accepted, false);
    assert.match(proxy.vm.takeLog(), /missing tritonDomain/);
  });
});

describe("translations of DeepL", () => {
  const host = (model, key, more = {}) => {
    const proxy = start({ type: "deepl", targetLang: "DE", apiTokens: [key], ...more });
    const { request } = ask(proxy, { body: chatBody("hi", { model }) });
    return request.headers.get(":authority");
  };

  it("go to the host of the plan that the model names, or the key", () => {
    assert.equal(host("Free", "key"), "api-free.deepl.com");
    assert.equal(host("Pro", "key:fx"), "api.deepl.com");
    assert.equal(host("other", "key"), "api.deepl.com");
    assert.equal(host("other", "key:fx"), "api-free.deepl.com");
    assert.equal(host("Pro", "key", { providerDomain: "deepl.local" }), "deepl.local");
  });

  it("its statuses for bad keys and used up quotas are HTTP's", () => {
    for (const [told, status, type] of [
      [403, 401, "authentication_error"],
      [456, 429, "rate_limit_exceeded"],
      [413, 413, "request_too_large"],
    ]) {
      const upstream = () => ({
        status: told,
        headers: { "content-type": "application/json" },
        chunks: ['{"message":"words"}'],
      });
      const proxy = start({ type: "deepl", targetLang: "DE" });
      const { json, received } = exchange([proxy], { body: chatBody("hi") }, upstream);
      assert.equal(received.status, status);
      assert.equal(json.error.message, "words");
      assert.equal(json.error.type, type);
    }
  });

  it("need a language", () => {
    const proxy = start({ type: "deepl" });
    assert.equal(proxy.accepted, false);
    assert.match(proxy.vm.takeLog(), /missing targetLang/);
  });
});

/** ai-cache with OpenAI's Responses API: stored and replayed as JSON and as a stream, or not at all. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ofResponse, ofResponsesEvents, responsesEvents } from "./answers.mjs";
import { message, part } from "../fixtures/responses.mjs";
import { CACHE_BUILDS, chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const QUESTION = "How do I reset my password?";
const OTHER = "how can I reset my password, please?";
const user = (text) => [{ role: "user", content: [{ type: "input_text", text }] }];

const response = (output, members = {}) => ({
  id: "resp_1",
  object: "response",
  created_at: 1700000000,
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-5-2025",
  output,
  metadata: { kept: "as it is" },
  usage: {
    input_tokens: 5,
    input_tokens_details: { cached_tokens: 1 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 11,
  },
  ...members,
});
const text = response([message([part('Open "settings" \u{1f511} and\nclick.')])]);
const tools = response([
  {
    id: "rs_1",
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Look it up." }],
    content: [{ type: "reasoning_text", text: "Hm." }],
    encrypted_content: "sig",
  },
  message([part("I will ")]),
  {
    id: "fc_1",
    type: "function_call",
    status: "completed",
    call_id: "c1",
    name: "f",
    arguments: '{"a":"\\u00e9"}',
  },
  {
    id: "fc_2",
    type: "function_call",
    status: "completed",
    call_id: "c2",
    name: "g",
    arguments: "{}",
  },
]);

/** The stream in which the service sends an answer; only its last event matters to the cache. */
const events = (answer, type = "response.completed") => {
  const all = [
    ["response.created", { response: { ...answer, status: "in_progress", output: [] } }],
    ["response.output_text.delta", { item_id: "msg_1", output_index: 0, delta: "Open" }],
    [type, { response: answer }],
  ];
  return all
    .map(([name, members], sequence_number) => {
      const data = JSON.stringify({ type: name, sequence_number, ...members });
      return `event: ${name}\ndata: ${data}\n\n`;
    })
    .join("");
};

for (const build of CACHE_BUILDS) {
  describe(`responses (${build})`, () => {
    const start = (config = {}) => {
      const cache = plugin("ai-cache", { explain: true, ...config }, { build });
      assert.ok(cache.accepted, cache.vm.logText());
      return cache;
    };
    const body = (members = {}) =>
      JSON.stringify({ model: "gpt-5", instructions: "Be brief.", input: QUESTION, ...members });
    const ask = (cache, members, answer, { headers, chunks } = {}) => {
      const upstream = () => {
        if (!answer) assert.fail("the model was asked");
        const isStream = typeof answer === "string";
        return {
          headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
          chunks: chunks ?? [isStream ? answer : JSON.stringify(answer, null, 1)],
        };
      };
      const request = { path: "/v1/responses", headers, body: body(members) };
      return exchange([cache], request, upstream);
    };
    const reason = (stream) => stream.attribute("ai_cache");
    const fate = (stream) => stream.attribute("ai_cache_store");

    for (const [name, answer] of Object.entries({ text, tools })) {
      it(`${name}: a buffered answer is replayed as it is, and as events`, () => {
        const cache = start();
        const first = ask(cache, {}, answer);
        assert.equal(reason(first), "miss-cold", cache.vm.logText());
        assert.equal(fate(first), "stored");
        const again = ask(cache, {});
        assert.equal(reason(again), "hit-exact");
        assert.equal(again.text, first.text);
        const streamed = ask(cache, { stream: true });
        assert.match(streamed.received.headers.get("content-type"), /^text\/event-stream/);
        const told = responsesEvents(streamed.text);
        assert.deepEqual(told.at(-1).response, answer);
        assert.deepEqual(told[0].response, {
          ...answer,
          status: "in_progress",
          output: [],
          usage: null,
        });
        if (name === "text") assert.deepEqual(ofResponsesEvents(streamed.text), ofResponse(answer));
        const added = told.filter(({ type }) => type === "response.output_item.added");
        assert.deepEqual(
          added.map(({ item }) => item.id),
          answer.output.map(({ id }) => id),
        );
        const done = told.filter(({ type }) => type === "response.output_item.done");
        assert.deepEqual(
          done.map(({ item }) => item),
          answer.output,
        );
      });

      it(`${name}: a streamed answer is replayed as events, and as JSON`, () => {
        const cache = start();
        const first = ask(cache, { stream: true }, events(answer));
        assert.equal(fate(first), "stored");
        assert.deepEqual(ask(cache, {}).json, answer);
        const streamed = ask(cache, { stream: true });
        assert.deepEqual(responsesEvents(streamed.text).at(-1).response, answer);
      });
    }

    it("all deltas of a text, a reasoning and arguments make up what they announce", () => {
      const cache = start();
      ask(cache, {}, tools);
      const told = responsesEvents(ask(cache, { stream: true }).text);
      const joined = (type) =>
        told
          .filter((event) => event.type === `response.${type}.delta`)
          .map(({ delta }) => delta)
          .join("|");
      assert.equal(joined("reasoning_summary_text"), "Look it up.");
      assert.equal(joined("reasoning_text"), "Hm.");
      assert.equal(joined("output_text"), "I will ");
      assert.equal(joined("function_call_arguments"), '{"a":"\\u00e9"}|{}');
    });

    it("what was captured in any pieces is the same", () => {
      const bytes = Buffer.from(events(text));
      const run = (chunks) => {
        const cache = start();
        ask(cache, { stream: true }, "x", { chunks });
        return ask(cache, {}).text;
      };
      const all = run([bytes]);
      for (let at = 1; at < bytes.length; at += 11)
        assert.equal(run([bytes.subarray(0, at), bytes.subarray(at)]), all);
    });

    it("by meaning: a text is the same as a list of one, other instructions are others", () => {
      const cache = start();
      ask(cache, {}, text);
      assert.equal(reason(ask(cache, { input: OTHER })), "hit-semantic");
      const listed = start();
      ask(listed, { input: user(QUESTION) }, text);
      assert.equal(reason(ask(listed, { input: user(OTHER) })), "hit-semantic");
      for (const [members, headers] of [
        [{ instructions: "Be long." }],
        [{ max_output_tokens: 5 }],
        [{ user: "another" }],
        [{ metadata: { trace: "1" } }],
        [{ previous_response_id: "resp_0" }],
        [{}, { authorization: "Bearer other" }],
      ]) {
        const stream = ask(cache, members, text, { headers });
        assert.equal(reason(stream), "miss-cold", JSON.stringify([members, headers]));
      }
      assert.equal(
        reason(ask(cache, { stream_options: { include_obfuscation: false } })),
        "hit-exact",
      );
    });

    it("calls of tools are given to the very same request only", () => {
      const cache = start();
      ask(cache, {}, tools);
      assert.equal(reason(ask(cache, {})), "hit-exact");
      assert.match(reason(ask(cache, { input: OTHER }, text)), /^miss/);
    });

    it("never across protocols", () => {
      const cache = start();
      const chat = { body: chatBody(QUESTION, { model: "gpt-5" }) };
      exchange([cache], chat, jsonUpstream(completion("Answer.")));
      assert.equal(reason(ask(cache, { instructions: undefined }, text)), "miss-cold");
    });

    it("what depends on a state, or is no request, is left alone", () => {
      const cache = start();
      for (const [members, why] of [
        [{ conversation: "conv_1" }, "ineligible-state"],
        [{ prompt: { id: "p" } }, "ineligible-state"],
        [{ background: true }, "ineligible-state"],
        [{ input: [] }, "ineligible-not-chat"],
        [{ input: 7 }, "ineligible-not-chat"],
        [{ input: ["x"] }, "ineligible-not-chat"],
        [{ model: undefined }, "ineligible-not-chat"],
      ])
        assert.equal(reason(ask(cache, members, text)), why, JSON.stringify(members));
      const none = { conversation: null, prompt: null, background: false };
      assert.equal(reason(ask(cache, none, text)), "miss-cold");
    });

    it("what is not a complete good answer is not stored", () => {
      const refusal = message([{ type: "refusal", refusal: "no" }]);
      for (const [answer, fault] of [
        [{ ...text, status: "incomplete" }, "answer-finish-reason"],
        [{ ...text, status: "queued" }, "answer-unfinished"],
        [{ ...text, error: { code: "c", message: "m" } }, "answer-error"],
        [{ error: { message: "m" } }, "answer-error"],
        [{ ...text, output: [refusal] }, "answer-refusal"],
        [{ ...text, output: [] }, "answer-empty"],
        [{ ...text, output: {} }, "answer-shape"],
        [completion("x"), "answer-shape"],
        [events(text).replace(/event: response.completed[^]*$/, ""), "answer-unfinished"],
        [events({ ...text, status: "failed" }, "response.failed"), "answer-error"],
        [events({ ...text, status: "incomplete" }, "response.incomplete"), "answer-finish-reason"],
        ['event: error\ndata: {"type":"error","message":"m"}\n\n', "answer-error"],
        ["event: response.completed\ndata: {\n\n", "answer-not-json"],
        [events(text) + events(text), "answer-shape"],
      ]) {
        const stream = ask(start(), { stream: typeof answer === "string" }, answer);
        assert.equal(fate(stream), fault, JSON.stringify(answer).slice(-90));
      }
    });

    it("annotations have events of their own", () => {
      const cache = start();
      const annotation = { type: "url_citation", url: "http://x", start_index: 0, end_index: 2 };
      const cited = response([message([part("Hi", { annotations: [annotation] })])]);
      ask(cache, {}, cited);
      const told = responsesEvents(ask(cache, { stream: true }).text);
      const added = told.find(({ type }) => type === "response.output_text.annotation.added");
      assert.deepEqual([added.annotation_index, added.annotation], [0, annotation]);
    });

    it("what events cannot express is replayed as JSON only", () => {
      const answer = response([message([part("Hi"), { type: "output_hologram", text: "x" }])]);
      const cache = start();
      ask(cache, {}, answer);
      assert.deepEqual(ask(cache, {}).json, answer);
      assert.equal(reason(ask(cache, { stream: true }, events(text))), "miss-form");
    });

    it("with keyMode text responses are left alone", () => {
      assert.equal(reason(ask(start({ keyMode: "text" }), {}, text)), "ineligible-path");
    });
  });
}

/** ai-cache with Google's protocol: stored and replayed whole, as events and as an array, or not at all. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { geminiEvents, ofGemini } from "./answers.mjs";
import { CACHE_BUILDS, chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const QUESTION = "How do I reset my password?";
const OTHER = "how can I reset my password, please?";
const PATH = "/v1beta/models/gemini-x";
const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 5, totalTokenCount: 14 };
const response = (parts, finishReason, rest) => ({
  candidates: [
    { content: { parts, role: "model" }, ...(finishReason && { finishReason }), index: 0 },
  ],
  ...rest,
  modelVersion: "gemini-x-001",
  responseId: "r1",
});
const whole = (parts, finishReason = "STOP") => response(parts, finishReason, { usageMetadata });
const TEXT = [{ text: "Open the \u{1f511} menu and choose Reset." }];
const CALLS = [
  { text: "I think.", thought: true },
  { text: "Wait." },
  { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "AbC=" },
  { functionCall: { name: "f", args: { a: 2 } } },
];
/** The same answer in the responses of a stream. */
const PIECES = [
  response([{ text: "Open the \u{1f511} " }]),
  response([{ text: "menu and " }], undefined, { usageMetadata: { promptTokenCount: 9 } }),
  response([{ text: "choose Reset." }], "STOP", { usageMetadata }),
];
const sse = (values) => values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`).join("");

for (const build of CACHE_BUILDS) {
  describe(`Google's responses (${build})`, () => {
    const start = (config = {}) => {
      const cache = plugin("ai-cache", { explain: true, ...config }, { build });
      assert.ok(cache.accepted, cache.vm.logText());
      return cache;
    };
    const body = (members = {}) => ({
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [{ role: "user", parts: [{ text: QUESTION }] }],
      generationConfig: { temperature: 0 },
      ...members,
    });
    /** `form`: an empty text for a whole answer, `array` or `sse`. */
    const ask = (cache, form, members, answer, { path = PATH, headers } = {}) => {
      const upstream = () => {
        if (answer === undefined) assert.fail("the model was asked");
        const type = form === "sse" ? "text/event-stream" : "application/json";
        const chunks = Array.isArray(answer) ? answer : [answer];
        return { headers: { "content-type": type }, chunks };
      };
      const action = form ? "streamGenerateContent" : "generateContent";
      return exchange(
        [cache],
        {
          path: `${path}:${action}${form === "sse" ? "?alt=sse" : ""}`,
          headers: { "x-goog-api-key": "client", ...headers },
          body: JSON.stringify(body(members)),
        },
        upstream,
      );
    };
    const reason = (stream) => stream.attribute("ai_cache");
    const fate = (stream) => stream.attribute("ai_cache_store");
    const type = (stream) => stream.received.headers.get("content-type");
    const FORMS = {
      "": (stream) => [stream.json],
      array: (stream) => stream.json,
      sse: (stream) => geminiEvents(stream.text),
    };
    const ANSWERS = {
      "": JSON.stringify(whole(TEXT)),
      array: JSON.stringify(PIECES, null, 1),
      sse: sse(PIECES),
    };

    for (const from of Object.keys(FORMS)) {
      it(`an answer that came ${from || "whole"} is replayed in every form`, () => {
        const cache = start();
        const first = ask(cache, from, {}, ANSWERS[from]);
        assert.equal(reason(first), "miss-cold", cache.vm.logText());
        assert.equal(fate(first), "stored");
        for (const [form, read] of Object.entries(FORMS)) {
          const again = ask(cache, form, {});
          assert.equal(reason(again), "hit-exact", form);
          assert.match(type(again), form === "sse" ? /^text\/event-stream/ : /^application\/json/);
          assert.deepEqual(ofGemini(...read(again)), {
            text: TEXT[0].text,
            reasoning: "",
            signature: "",
            tools: [],
            finish: "stop",
            tokens: { prompt: 9, completion: 5, cached: 0 },
          });
        }
        const { json } = ask(cache, "", {});
        assert.deepEqual(json.candidates, whole(TEXT).candidates);
        assert.deepEqual(json.usageMetadata, usageMetadata);
      });

      it(`what came ${from || "whole"} in any pieces is the same`, () => {
        const bytes = Buffer.from(ANSWERS[from]);
        for (let at = 1; at < bytes.length; at += build === "stock" ? 1 : 37) {
          const cache = start();
          ask(cache, from, {}, [bytes.subarray(0, at), bytes.subarray(at)]);
          const again = ask(cache, "", {});
          assert.deepEqual(again.json.candidates, whole(TEXT).candidates, `cut at ${at}`);
        }
      });
    }

    it("thoughts, calls and signatures are kept as they came", () => {
      for (const form of ["", "sse"]) {
        const cache = start();
        const answer = form ? sse([whole(CALLS)]) : JSON.stringify(whole(CALLS));
        assert.equal(fate(ask(cache, form, {}, answer)), "stored");
        assert.deepEqual(ask(cache, "", {}).json.candidates[0].content.parts, CALLS);
        const events = geminiEvents(ask(cache, "sse", {}).text);
        const parts = events.flatMap(({ candidates: [{ content }] }) => content.parts);
        assert.deepEqual(parts.slice(0, -1), CALLS);
      }
    });

    it("by meaning, for the same instruction, settings, model and client only", () => {
      const cache = start();
      ask(cache, "", {}, ANSWERS[""]);
      const contents = [{ role: "user", parts: [{ text: OTHER }] }];
      assert.equal(reason(ask(cache, "", { contents })), "hit-semantic");
      assert.match(reason(ask(cache, "sse", { contents })), /^hit-/);
      assert.equal(
        reason(ask(cache, "", { contents: [{ parts: [{ text: OTHER }] }] }, "{}")),
        "miss-cold",
      );
      for (const [members, options] of [
        [{ systemInstruction: { parts: [{ text: "Be long." }] } }],
        [{ generationConfig: { temperature: 1 } }],
        [{ generationConfig: { temperature: 0, responseMimeType: "application/json" } }],
        [{ generationConfig: { temperature: 0, thinkingConfig: { thinkingBudget: 0 } } }],
        [{ tools: [{ functionDeclarations: [{ name: "f" }] }] }],
        [{ toolConfig: { functionCallingConfig: { mode: "NONE" } } }],
        [{ safetySettings: [{ category: "C", threshold: "T" }] }],
        [{ contents: [{ role: "user", parts: [{ text: "x" }] }, ...body().contents] }],
        [{ somethingNew: 1 }],
        [{}, { path: "/v1beta/models/gemini-y" }],
        [{}, { path: "/v1/models/gemini-x" }],
        [{}, { headers: { "x-goog-api-key": "other" } }],
        [{}, { headers: { "x-goog-user-project": "p" } }],
      ]) {
        const stream = ask(cache, "", members, ANSWERS[""], options);
        assert.equal(reason(stream), "miss-cold", JSON.stringify([members, options]));
      }
      assert.equal(reason(ask(cache, "", { labels: { team: "a" } })), "hit-exact", "Vertex' bills");
    });

    it("by equality alone where the last turn is no user's, or holds more than text", () => {
      const turn = (members) => ({ contents: [members] });
      const more = { thoughtSignature: "s" };
      for (const [one, other] of [
        [
          { role: "model", parts: [{ text: QUESTION }] },
          { role: "model", parts: [{ text: OTHER }] },
        ],
        [{ parts: [{ text: QUESTION, ...more }] }, { parts: [{ text: OTHER, ...more }] }],
        [{ parts: [{ text: 7 }] }, { parts: [{ text: 8 }] }],
        [
          { parts: [{ text: QUESTION }, { fileData: {} }] },
          { parts: [{ text: OTHER }, { fileData: {} }] },
        ],
        [{ parts: [] }, { role: "user", parts: [] }],
      ]) {
        const cache = start();
        ask(cache, "", turn(one), ANSWERS[""]);
        assert.equal(reason(ask(cache, "", turn(one))), "hit-exact");
        assert.equal(reason(ask(cache, "", turn(other), ANSWERS[""])), "miss-cold");
      }
    });

    it("not what Google does itself, what a cache of its holds, or several answers", () => {
      const cache = start();
      for (const [members, why] of [
        [{ tools: [{ googleSearch: {} }] }, "ineligible-acting"],
        [{ tools: [{ functionDeclarations: [], codeExecution: {} }] }, "ineligible-acting"],
        [{ cachedContent: "cachedContents/x" }, "ineligible-state"],
        [{ cached_content: "cachedContents/x" }, "ineligible-state"],
        [{ generationConfig: { candidateCount: 2 } }, "ineligible-choices"],
        [{ generation_config: { candidate_count: 2 } }, "ineligible-choices"],
        [{ generationConfig: { candidateCount: 12 } }, "ineligible-choices"],
        [{ generationConfig: { candidate_count: 10 } }, "ineligible-choices"],
        [{ generationConfig: { candidateCount: "1" } }, "ineligible-choices"],
        [{ generationConfig: { candidateCount: 1 } }, "miss-cold"],
        [{ generationConfig: { candidateCount: null } }, "miss-cold"],
        [{ tools: { functionDeclarations: [] } }, "ineligible-acting"],
        [{ tools: [{ function_declarations: [] }] }, "miss-cold"],
        [{ contents: [] }, "ineligible-not-chat"],
        [{ contents: "hi" }, "ineligible-not-chat"],
        [{ contents: [{ role: "user" }] }, "ineligible-not-chat"],
      ]) {
        assert.equal(reason(ask(cache, "", members, "{}")), why, JSON.stringify(members));
      }
    });

    it("only complete good answers are stored", () => {
      const error = { error: { code: 503, message: "x", status: "UNAVAILABLE" } };
      const two = { ...whole(TEXT), candidates: [0, 1].map(() => whole(TEXT).candidates[0]) };
      for (const [form, answer, why] of [
        ["", JSON.stringify(whole(TEXT, "MAX_TOKENS")), "answer-finish-reason"],
        ["", JSON.stringify(whole(TEXT, "SAFETY")), "answer-refusal"],
        ["", JSON.stringify(whole(TEXT, "MALFORMED_FUNCTION_CALL")), "answer-finish-reason"],
        ["", '{"promptFeedback":{"blockReason":"SAFETY"}}', "answer-refusal"],
        ["", JSON.stringify(whole([])), "answer-empty"],
        ["", JSON.stringify(two), "answer-choices"],
        ["", JSON.stringify(error), "answer-error"],
        ["", '{"x":1}', "answer-shape"],
        ["", "[", "answer-not-json"],
        ["sse", sse(PIECES.slice(0, 2)), "answer-unfinished"],
        ["sse", sse([PIECES[0], error]), "answer-error"],
        ["sse", sse([two]), "answer-choices"],
        [
          "sse",
          sse([
            { ...PIECES[0], a: 1 },
            { ...PIECES[2], a: 2 },
          ]),
          "answer-unknown-delta",
        ],
        ["sse", "data: 7\n\n", "answer-not-json"],
        ["array", JSON.stringify(PIECES.slice(0, 2)), "answer-shape"],
        ["array", JSON.stringify([PIECES[0], error]), "answer-shape"],
        ["array", "[]", "answer-shape"],
      ]) {
        assert.equal(fate(ask(start(), form, {}, answer)), why, answer);
      }
    });

    it("never across protocols", () => {
      const cache = start();
      const chat = { body: chatBody(QUESTION, { model: "gemini-x" }) };
      exchange([cache], chat, jsonUpstream(completion("Answer.")));
      const bare = { systemInstruction: undefined, generationConfig: undefined };
      assert.equal(reason(ask(cache, "", bare, ANSWERS[""])), "miss-cold");
    });
  });
}

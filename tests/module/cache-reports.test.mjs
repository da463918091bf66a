/** What users have reported of caches for models, tried on ai-cache: answers that must not come back. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  exchange,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const QUESTION = "What is a cache, in one word?";
const ANTHROPIC = {
  path: "/v1/messages",
  headers: { "x-api-key": "k", "content-type": "application/json" },
};
const GOOGLE = {
  path: "/v1beta/models/gemini-2.5-flash:generateContent",
  headers: { "x-goog-api-key": "k", "content-type": "application/json" },
};

const chat = (members) => ({ body: chatBody(QUESTION, members) });
const message = (members = {}) => ({
  ...ANTHROPIC,
  body: JSON.stringify({
    model: "claude",
    max_tokens: 100,
    messages: [{ role: "user", content: QUESTION }],
    ...members,
  }),
});
const response = (members = {}) => ({
  path: "/v1/responses",
  body: JSON.stringify({ model: "gpt-5", input: QUESTION, ...members }),
});
const generation = (generationConfig) => ({
  ...GOOGLE,
  body: JSON.stringify({
    contents: [{ role: "user", parts: [{ text: QUESTION }] }],
    generationConfig,
  }),
});

const messageAnswer = (text, output_tokens = 2) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens },
});
const messageCall = (input) => ({
  ...messageAnswer(""),
  content: [{ type: "tool_use", id: "toolu_1", name: "f", input }],
  stop_reason: "tool_use",
});
const responseAnswer = (items, output_tokens = 2) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "gpt-5",
  output: items,
  usage: { input_tokens: 3, output_tokens, total_tokens: 3 + output_tokens },
});
const responseText = (text, status = "completed") => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status,
  content: [{ type: "output_text", text, annotations: [] }],
});
const responseCall = (text) => ({
  type: "function_call",
  id: "fc_1",
  call_id: "c",
  name: "f",
  arguments: text,
  status: "completed",
});
const googleAnswer = (text, candidatesTokenCount = 2) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount, totalTokenCount: 5 },
});
/** Google counts thoughts apart from the rest of an answer, and the limit counts both. */
const googleThoughts = (text, thoughtsTokenCount, candidatesTokenCount) => {
  const answer = googleAnswer(text, candidatesTokenCount);
  return { ...answer, usageMetadata: { ...answer.usageMetadata, thoughtsTokenCount } };
};
const googleCall = (args) => ({
  ...googleAnswer(""),
  candidates: [
    {
      content: { role: "model", parts: [{ functionCall: { name: "f", args } }] },
      finishReason: "STOP",
    },
  ],
});
const calls = (text, reason = "tool_calls") =>
  completion(null, {
    message: {
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: text } }],
    },
    reason,
  });

/** Requests, what answers them, and what becomes of the answer. Those of `completion` have two output tokens. */
const CASES = {
  // vllm-project/vllm#58228, BerriAI/litellm#25825
  "as long as it may be, and said to be complete": [
    [chat({ max_tokens: 2 }), completion("A place to"), "answer-limit"],
    [chat({ max_completion_tokens: 2 }), completion("A place to"), "answer-limit"],
    [chat({ max_tokens: 9, max_completion_tokens: 2 }), calls("{}"), "answer-limit"],
    [chat({ max_tokens: 2, max_completion_tokens: null }), completion("A"), "answer-limit"],
    [chat({ max_tokens: 3 }), completion("Memory."), "stored"],
    [chat({ max_tokens: null }), completion("Memory."), "stored"],
    [chat({ max_tokens: 2 }), { ...completion("Memory."), usage: undefined }, "stored"],
    [message({ max_tokens: 20 }), messageAnswer("A place to", 20), "answer-limit"],
    [message({ max_tokens: 20 }), messageAnswer("Memory.", 19), "stored"],
    [
      response({ max_output_tokens: 20 }),
      responseAnswer([responseText("A place to")], 20),
      "answer-limit",
    ],
    [response({ max_output_tokens: 20 }), responseAnswer([responseText("Memory.")], 19), "stored"],
    [generation({ maxOutputTokens: 20 }), googleAnswer("A place to", 20), "answer-limit"],
    [generation({ max_output_tokens: 20 }), googleAnswer("A place", 20), "answer-limit"],
    [
      generation({ maxOutputTokens: null, max_output_tokens: 20 }),
      googleAnswer("A place", 20),
      "answer-limit",
    ],
    [generation({ maxOutputTokens: 20 }), googleAnswer("Memory.", 19), "stored"],
    [generation({ maxOutputTokens: 20 }), googleThoughts("A place", 12, 8), "answer-limit"],
    [generation({ maxOutputTokens: 20 }), googleThoughts("Memory.", 20, 8), "stored"],
    [
      response(),
      responseAnswer([responseText("A place to", "incomplete")]),
      "answer-finish-reason",
    ],
  ],
  // A limit that is raised for the vendor, does not reach it, or leaves out reasoning.
  "longer than the request allows, and complete": [
    [chat({ max_tokens: 1 }), completion("Memory."), "stored"],
    [message({ max_tokens: 10 }), messageAnswer("Memory.", 12), "stored"],
    [response({ max_output_tokens: 10 }), responseAnswer([responseText("Memory.")], 12), "stored"],
    [generation({ maxOutputTokens: 10 }), googleAnswer("Memory.", 12), "stored"],
  ],
  // UKGovernmentBEIS/inspect_ai#5143, vllm-project/vllm#58228
  "a call whose arguments are cut": [
    [chat(), calls('{"city":"Os'), "answer-arguments"],
    [chat(), calls('{"city":"Os', "stop"), "answer-arguments"],
    [chat(), calls('{"city":"Oslo"}'), "stored"],
    [chat(), calls(""), "stored"],
    [chat(), calls('["Oslo"]'), "stored"],
    [message(), messageCall('{"city":'), "answer-arguments"],
    [message(), messageCall(["Oslo"]), "answer-arguments"],
    [message(), messageCall({ city: "Oslo" }), "stored"],
    [message(), messageCall({}), "stored"],
    [message(), messageCall(undefined), "answer-arguments"],
    [response(), responseAnswer([responseCall('{"city":')]), "answer-arguments"],
    [response(), responseAnswer([responseCall('{"city":"Oslo"}')]), "stored"],
    [response(), responseAnswer([responseCall("")]), "stored"],
    [generation(), googleCall({ city: "Oslo" }), "stored"],
    [generation(), googleCall(undefined), "stored"],
    [generation(), googleCall('{"city":'), "answer-arguments"],
  ],
  // antirez/ds4#1087, NousResearch/hermes-agent#109205
  "reasoning in the place of a text": [
    [chat(), completion("<think>Let me see."), "answer-empty"],
    [chat(), completion("\n<think>\nLet me see.\n</think>\n\n"), "answer-empty"],
    [chat(), completion("<think>\n\n</think>\n\nMemory."), "stored"],
    [chat(), completion("The tag <think> begins it."), "stored"],
    [message(), messageAnswer("<think>Let me see.</think>"), "answer-empty"],
    [response(), responseAnswer([responseText("<think>Let me see.")]), "answer-empty"],
    [generation(), googleAnswer("<think>Let me see."), "answer-empty"],
    [
      chat({ response_format: { type: "json_object" } }),
      completion('<think>A list.</think>\n{"a": 1}'),
      "stored",
    ],
  ],
  // vllm-project/vllm#12999, vllm-project/vllm#13125: the template has put the opening tag into the prompt.
  "reasoning without its opening tag": [
    [chat(), completion("Let me see.\n</think>\n\n"), "answer-empty"],
    [chat(), completion("</think>"), "answer-empty"],
    [chat(), completion("Let me see.\n</think>\n\nMemory."), "stored"],
    [chat(), completion("It ends <think> with </think>"), "stored"],
    [message(), messageAnswer("Let me see.</think>"), "answer-empty"],
    [response(), responseAnswer([responseText("Let me see.</think>")]), "answer-empty"],
    [generation(), googleAnswer("Let me see.</think>"), "answer-empty"],
    ...[
      ['A list.\n</think>\n\n{"a": 1}', "stored"],
      ['A list.\n</think>\n\n```json\n{"a": 1}\n```', "stored"],
      ['A list.\n</think>\n\n{"a": ', "answer-format"],
      ['{"a": "</think>"}', "stored"],
      ['{"a": 1}\n</think>\n\nSorry', "answer-format"],
    ].map(([text, outcome]) => [
      chat({ response_format: { type: "json_object" } }),
      completion(text),
      outcome,
    ]),
  ],
  // stanfordnlp/dspy#1544, allenai/ai2-scholarqa-lib#34
  "no JSON where JSON is asked for": [
    [
      chat({ response_format: { type: "json_object" } }),
      completion('{"a": 1, "b": '),
      "answer-format",
    ],
    [chat({ response_format: { type: "json_object" } }), completion('{"a": 1}'), "stored"],
    [
      chat({ response_format: { type: "json_object" } }),
      completion('```json\n{"a": 1}\n```'),
      "stored",
    ],
    [
      chat({ response_format: { type: "json_object" } }),
      completion('```json\n{"a": \n```'),
      "answer-format",
    ],
    [chat({ response_format: { type: "json_object" } }), completion("```"), "answer-format"],
    [
      chat({ response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } } }),
      completion("Sorry, I cannot"),
      "answer-format",
    ],
    [chat({ response_format: { type: "json_object" } }), calls("{}"), "stored"],
    [chat({ response_format: { type: "text" } }), completion("Memory."), "stored"],
    [
      message({ output_config: { format: { type: "json_schema", schema: {} } } }),
      messageAnswer('{"a":'),
      "answer-format",
    ],
    [
      message({ output_format: { type: "json_schema", schema: {} } }),
      messageAnswer('{"a":'),
      "answer-format",
    ],
    [
      message({ output_config: { format: null }, output_format: { type: "json_schema" } }),
      messageAnswer('{"a":'),
      "answer-format",
    ],
    [
      message({ output_config: { format: { type: "json_schema", schema: {} } } }),
      messageAnswer('{"a":1}'),
      "stored",
    ],
    [
      response({ text: { format: { type: "json_schema", name: "x", schema: {} } } }),
      responseAnswer([responseText('{"a":')]),
      "answer-format",
    ],
    [
      response({ text: { format: { type: "text" } } }),
      responseAnswer([responseText("Memory.")]),
      "stored",
    ],
    [generation({ responseMimeType: "application/json" }), googleAnswer('{"a":'), "answer-format"],
    [generation({ responseMimeType: "application/json" }), googleAnswer('{"a":1}'), "stored"],
    [generation({ responseMimeType: "text/plain" }), googleAnswer("Memory."), "stored"],
  ],
};

for (const build of BUILDS) {
  describe(`an answer that must not come back (${build})`, () => {
    for (const [name, cases] of Object.entries(CASES)) {
      it(name, () => {
        for (const [request, answer, outcome] of cases) {
          const cache = plugin("ai-cache", {}, { build });
          const upstream = jsonUpstream(answer);
          const what = `${request.body}: ${JSON.stringify(answer)}`;
          const first = exchange([cache], request, upstream);
          assert.equal(first.attribute("ai_cache_store"), outcome, what);
          exchange([cache], request, upstream);
          assert.equal(upstream.requests.length, outcome === "stored" ? 1 : 2, what);
        }
      });
    }

    // The same of streams, whose usage comes last.
    it("as a stream", () => {
      for (const [members, text, outcome] of [
        [{ max_tokens: 2 }, "A place to", "answer-limit"],
        [{ max_tokens: 1 }, "Memory.", "stored"],
        [{ max_tokens: 3 }, "Memory.", "stored"],
        [{ response_format: { type: "json_object" } }, '{"a":', "answer-format"],
        [{ response_format: { type: "json_object" } }, '{"a":1}', "stored"],
      ]) {
        const cache = plugin("ai-cache", {}, { build });
        const request = chat({ stream: true, ...members });
        const stream = exchange([cache], request, streamUpstream(completionEvents([text])));
        assert.equal(stream.attribute("ai_cache_store"), outcome, request.body);
      }
    });
  });
}

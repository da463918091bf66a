/**
 * Converse requests by AWS' own service model: what ai-proxy makes of odd requests is valid, or ai-proxy itself
 * refuses it.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import bedrock from "../fixtures/dialects/bedrock.mjs";
import { judgeRequest } from "../strict/index.mjs";
import { converseFaults } from "../strict/service-model.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const MODELS = [
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "anthropic.claude-opus-5",
  "amazon.nova-pro-v1:0",
];
const LONG = "x".repeat(300);
const OFFICE = "application/vnd.openxmlformats-officedocument";
const user = (content = "hi") => ({ role: "user", content });
const tool = (name, more) => ({ type: "function", function: { name, ...more } });
const call = (id, name = "f", args = "{}") => ({
  id,
  type: "function",
  function: { name, arguments: args },
});
const calls = (...tool_calls) => ({ role: "assistant", content: null, tool_calls });
const result = (tool_call_id, content) => ({ role: "tool", tool_call_id, content });
const image = (url) => ({ type: "image_url", image_url: { url } });
const file = (type, filename, data = "QUJD") => ({
  type: "file",
  file: { filename, file_data: `data:${type};base64,${data}` },
});
const talk = (...messages) => ({ messages });
const ask = (more) => ({ messages: [user()], ...more });
const schema = (name, more = {}) =>
  ask({
    response_format: {
      type: "json_schema",
      json_schema: { name, schema: { type: "object", properties: {} }, ...more },
    },
  });
const thought = (block) => ({
  role: "assistant",
  content: "said",
  thinking_blocks: [{ type: "thinking", thinking: "T", ...block }],
});
const mark = { cache_control: { type: "ephemeral" } };
const text = (words, more) => ({ type: "text", text: words, ...more });

/** Requests that are odd and yet can be served. */
const SERVED = {
  "an empty text": talk(user("")),
  "a blank text": talk(user(" \n\t")),
  "blank texts in a row": talk(user(""), { role: "assistant", content: "" }, user(" ")),
  "a blank part": talk(user([text(" "), text("hi")])),
  "no parts": talk(user([])),
  "no content": talk({ role: "user" }, user()),
  "a blank answer": talk(user(), { role: "assistant", content: " " }, user("go on")),
  "only instructions": talk({ role: "system", content: "S" }),
  "a blank instruction": talk({ role: "system", content: " " }, user()),
  "an instruction of blank parts": talk({ role: "system", content: [text(""), text("S")] }, user()),
  "a first turn of the model": talk({ role: "assistant", content: "hello" }, user()),
  "a last turn of the model": talk(user(), { role: "assistant", content: "so " }),
  "names of other characters": ask({ tools: [tool("a.b/c d"), tool("größe"), tool("天气")] }),
  "a long name": ask({ tools: [tool(LONG)] }),
  "a called name of other characters": talk(user(), calls(call("1", "a.b c")), result("1", "x")),
  "a long called name": talk(user(), calls(call("1", LONG)), result("1", "x")),
  "a long id": talk(user(), calls(call(LONG)), result(LONG, "x")),
  "an id of other characters": talk(user(), calls(call("a b|ü")), result("a b|ü", "x")),
  "no id": talk(user(), calls(call("")), result("", "x")),
  "the same id twice": talk(
    user(),
    calls(call("1"), call("1")),
    result("1", "x"),
    result("1", "y"),
  ),
  "a result twice": talk(user(), calls(call("1")), result("1", "x"), result("1", "y")),
  "calls without a name": talk(
    user(),
    { ...calls({ id: "1", type: "function", function: {} }), content: "a" },
    user(),
  ),
  "a call with an empty name": talk(user(), calls(call("1", "")), result("1", "x")),
  "calls of another type alone": talk(
    user(),
    { ...calls({ id: "1", type: "custom", custom: { name: "f", input: "x" } }), content: "a" },
    result("1", "r"),
  ),
  "a result without content": talk(user(), calls(call("1")), result("1", undefined)),
  "a result of null": talk(user(), calls(call("1")), result("1", null)),
  "a blank result": talk(user(), calls(call("1")), result("1", " ")),
  "a result of blank parts": talk(user(), calls(call("1")), result("1", [text(""), text(" ")])),
  "a result of a JSON list": talk(user(), calls(call("1")), result("1", "[1]")),
  "a result of an empty object": talk(user(), calls(call("1")), result("1", "{}")),
  "a result with an image": talk(
    user(),
    calls(call("1")),
    result("1", [image("data:image/png;base64,QUJD")]),
  ),
  "arguments that are not an object": talk(
    user(),
    calls(call("1", "f", "[1]"), call("2", "f", ""), call("3", "f", "nul")),
    ...["1", "2", "3"].map((id) => result(id, "x")),
  ),
  "no tools": ask({ tools: [] }),
  "no tools, and a choice": ask({ tools: [], tool_choice: "required" }),
  "a tool of another type alone": ask({ tools: [{ type: "custom", custom: { name: "c" } }] }),
  "a tool with an empty name": ask({ tools: [tool(""), tool("f")] }),
  "a blank description": ask({ tools: [tool("f", { description: "" })] }),
  "a description of null": ask({ tools: [tool("f", { description: null })] }),
  "parameters that are no object": ask({ tools: [tool("f", { parameters: "x" })] }),
  "a forced choice": ask({ tools: [tool("f"), tool("g")], tool_choice: tool("g") }),
  "a forced choice of no tool": ask({ tools: [tool("f")], tool_choice: tool("other") }),
  "a forced choice without a name": ask({ tools: [tool("f")], tool_choice: tool("") }),
  "a forced choice of a long name": ask({ tools: [tool(LONG)], tool_choice: tool(LONG) }),
  "a high temperature": ask({ temperature: 1.7 }),
  "a high top_p": ask({ top_p: 1.5 }),
  "a limit with a point": ask({ max_tokens: 5000.0 }),
  "a limit with an exponent and a fraction":
    '{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":1.5e3}',
  "an empty stop": ask({ stop: "" }),
  "empty stops": ask({ stop: [] }),
  "stops that are empty or not texts": ask({ stop: ["", null, 7, "X"] }),
  "a blank stop": ask({ stop: [" ", "\n"] }),
  "documents of all formats, with odd names": talk(
    user([
      text("read"),
      file("application/pdf", "übersicht__final.v2.pdf"),
      file("text/plain", ""),
      file("text/markdown", "   "),
      file("text/csv", "天气.csv"),
      file("text/html", `${LONG}.html`),
      file("application/msword", "a\n\tb.doc"),
      file(`${OFFICE}.wordprocessingml.document`, undefined),
      file("application/vnd.ms-excel", "[x] (1).xls"),
      file(`${OFFICE}.spreadsheetml.sheet`, `${LONG}.xlsx`),
    ]),
  ),
  "a document alone": talk(user([file("application/pdf", "a.pdf")])),
  "a document beside a blank text": talk(user([text(" "), file("application/pdf", "a.pdf")])),
  "images of all formats": talk(
    user(["png", "jpeg", "gif", "webp"].map((kind) => image(`data:image/${kind};base64,QUJD`))),
  ),
  "an image in S3": talk(user([image("s3://bucket/path/a b.png")])),
  "thinking without a signature": talk(user(), thought({}), user()),
  "thinking with an empty signature": talk(user(), thought({ signature: "" }), user()),
  "thinking with another vendor's signature": talk(
    user(),
    thought({ signature: "gemini#1" }),
    user(),
  ),
  "signed thinking without words": talk(
    user(),
    thought({ thinking: "", signature: "RXJlYQ==" }),
    user(),
  ),
  "redacted thinking of OpenAI": talk(
    user(),
    thought({ type: "redacted_thinking", data: "gAAAAABm_x-y" }),
    user(),
  ),
  "thinking asked for": ask({ reasoning_effort: "high", temperature: 0.2, top_p: 0.5 }),
  "marks everywhere": {
    messages: [
      { role: "system", content: [text("S", mark), text(" ", mark)] },
      user([text("a", mark), text("b", mark), text(" ", mark)]),
      { ...calls(call("1")), ...mark },
      { ...result("1", [text("x", mark)]), ...mark },
    ],
    tools: [{ ...tool("f"), ...mark }],
  },
  "marks on blank texts alone": talk(
    { role: "system", content: [text(" ", mark)] },
    user([text(" ", mark)]),
  ),
  "a schema": schema("s", { description: "D", strict: true }),
  "a schema with an odd name": schema("größe. x"),
  "a schema without a name": schema(undefined),
  "a schema with an empty name and description": schema("", { description: "" }),
  "JSON of any form": ask({ response_format: { type: "json_object" } }),
};

/** Requests with what Bedrock cannot take, and what ai-proxy says of them. */
const REFUSED = {
  "an image elsewhere": [talk(user([image("https://x.example/a.png")])), /data URL/],
  "an image of another type": [talk(user([image("data:image/bmp;base64,QUJD")])), /another type/],
  "a document of another type": [talk(user([file("application/zip", "a.zip")])), /cannot be sent/],
};

/** Requests that OpenAI too would refuse, and what Bedrock says of them: they are passed on unchanged. */
const LEFT = {
  "an absent id": [
    talk(user(), calls(call(undefined)), result(undefined, "x")),
    /toolUseId length 0/,
  ],
  "a result to nothing": [talk(user(), result("1", "x")), /toolConfig/],
  "a call without a result": [talk(user(), calls(call("1")), user()), /Expected toolResult/],
  "a tool without a name": [ask({ tools: [tool(undefined), tool("f")] }), /toolSpec.name length 0/],
  "a negative temperature": [ask({ temperature: -0.5 }), /temperature value -0.5|^$/],
  "a limit of nothing": [ask({ max_tokens: 0 }), /maxTokens value 0/],
  "a negative limit": [ask({ max_completion_tokens: -1 }), /maxTokens value -1/],
  "a limit beyond 32 bits": [ask({ max_tokens: 3_000_000_000 }), /maxTokens must be|^$/],
  "an image without bytes": [
    talk(user([image("data:image/png;base64,")])),
    /image.source.bytes length 0/,
  ],
  "an image that is not base64": [
    talk(user([image("data:image/png;base64,a b!")])),
    /image.source.bytes must be base64/,
  ],
  "a bucket without a name": [talk(user([image("s3:///a.png")])), /s3Location.uri must match/],
  "a document without bytes": [
    talk(user([file("application/pdf", "a.pdf", "")])),
    /document.source.bytes length 0/,
  ],
};

it("the model names what is wrong, and where", () => {
  const faults = (content, more) =>
    converseFaults("m", { messages: [{ role: "user", content }], ...more });
  assert.deepEqual(faults([{ text: "" }]), []);
  assert.deepEqual(faults([{ text: "a", cachePoint: { type: "default" } }]), [
    "request.messages[0].content[0] must have one member, not 2 (text,cachePoint)",
  ]);
  const at = "request.messages[0].content[0]";
  for (const [block, words] of [
    [{}, " must have one member, not 0 ()"],
    [{ other: 1 }, ".other is not in the model"],
    [{ image: { source: { bytes: "QQ==" } } }, ".image.format is required"],
    [{ cachePoint: { type: "x" } }, ".cachePoint.type must be one of default"],
    [
      { reasoningContent: { redactedContent: "?" } },
      ".reasoningContent.redactedContent must be base64",
    ],
    [
      { toolResult: { toolUseId: "a b", content: [] } },
      ".toolResult.toolUseId must match [a-zA-Z0-9_.:-]+",
    ],
    [{ document: { name: "", source: { text: "a" } } }, ".document.name length 0 is below 1"],
  ]) {
    assert.deepEqual(faults([block]), [at + words]);
  }
  const settings = { maxTokens: 0, temperature: 2, stopSequences: ["", 7] };
  assert.deepEqual(faults([], { inferenceConfig: settings, toolConfig: { tools: [] } }), [
    "request.inferenceConfig.maxTokens value 0 is below 1",
    "request.inferenceConfig.temperature value 2 is above 1",
    "request.inferenceConfig.stopSequences[0] length 0 is below 1",
    "request.inferenceConfig.stopSequences[1] must be a text",
    "request.toolConfig.tools length 0 is below 1",
  ]);
});

it("the expectations of the dialect are valid", () => {
  for (const [name, [{ model }, expected]] of Object.entries(bedrock.requests)) {
    // The operator's own fields are free.
    assert.deepEqual(converseFaults(model, expected), [], name);
  }
});

for (const build of BUILDS) {
  for (const model of MODELS) {
    describe(`odd requests to ${model} (${build})`, () => {
      const proxy = plugin(
        "ai-proxy",
        {
          provider: {
            type: "bedrock",
            awsRegion: "us-east-1",
            apiTokens: ["key-1"],
            modelMapping: { "*": model },
          },
        },
        { build, now: () => 1_700_000_000_000 },
      );
      const send = (request) => {
        const upstream = jsonUpstream();
        const body =
          typeof request === "string" ? request : JSON.stringify({ model: "m", ...request });
        const stream = exchange([proxy], { path: "/v1/chat/completions", body }, upstream);
        return { stream, sent: upstream.requests[0] };
      };
      for (const [name, request] of Object.entries(SERVED)) {
        it(`${name}: valid`, () => {
          const { stream, sent } = send(request);
          assert.ok(sent, stream.text);
          const body = JSON.parse(sent.body.toString());
          const fault = judgeRequest("bedrock", model, sent.headers.get(":path"), body);
          assert.equal(fault?.words, undefined, JSON.stringify(body).slice(0, 2000));
        });
      }
      it("what can be kept is kept", () => {
        const bodyOf = (request) => JSON.parse(send(request).sent.body.toString());
        const isClaude = /claude/.test(model);
        if (!isClaude) {
          const { inferenceConfig } = bodyOf(SERVED["a high temperature"]);
          assert.equal(inferenceConfig.temperature, 1);
        }
        const stopsOf = (stop) => bodyOf(ask({ stop })).inferenceConfig.stopSequences;
        assert.deepEqual(stopsOf(["", null, "X"]), ["X"]);
        assert.deepEqual(stopsOf(["\n", "X"]), isClaude ? ["X"] : ["\n", "X"]);
        assert.equal(stopsOf(""), undefined);
        const [, { content }, results] = bodyOf(
          talk(user(), calls(call(""), call("")), result("", "x"), result("", "y")),
        ).messages;
        const ids = content.map(({ toolUse }) => toolUse.toolUseId);
        assert.equal(new Set(ids).size, 2);
        assert.deepEqual(
          results.content.map(({ toolResult }) => toolResult.toolUseId),
          ids,
        );
      });
      for (const [name, [request, words]] of Object.entries(LEFT)) {
        it(`${name}: refused by Bedrock`, () => {
          const { stream, sent } = send(request);
          assert.ok(sent, stream.text);
          const body = JSON.parse(sent.body.toString());
          const fault = judgeRequest("bedrock", model, sent.headers.get(":path"), body);
          assert.match(fault?.words ?? "", words);
        });
      }
      for (const [name, [request, words]] of Object.entries(REFUSED)) {
        it(`${name}: refused`, () => {
          const { stream, sent } = send(request);
          assert.equal(sent, undefined, sent?.body.toString());
          assert.match(stream.json.error.message, words);
        });
      }
    });
  }
}

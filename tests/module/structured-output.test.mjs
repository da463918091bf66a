/**
 * The format of an answer and strict tools at vendors whose grammar knows a part of JSON Schema only. What is
 * accepted: Anthropic's documents on structured outputs and strict tools with `transform_schema` of its SDKs, and
 * AWS' model of the Converse API (`outputConfig`, `toolSpec.strict`).
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exchange, jsonUpstream, plugin } from "./support.mjs";

const proxies = {
  claude: plugin("ai-proxy", { provider: { type: "claude", apiTokens: ["k"] } }),
  bedrock: plugin("ai-proxy", {
    provider: { type: "bedrock", apiTokens: ["k"], awsRegion: "us-east-1" },
  }),
};

/** What the vendor gets for a chat. */
function sent(type, model, members) {
  const upstream = jsonUpstream({});
  const messages = [{ role: "user", content: "x" }];
  const body = JSON.stringify({ model, messages, ...members });
  const stream = exchange([proxies[type]], { path: "/v1/chat/completions", body }, upstream);
  assert.equal(upstream.requests.length, 1, stream.text);
  return JSON.parse(upstream.requests[0].body);
}

const formatOf = (schema, more) => ({
  response_format: {
    type: "json_schema",
    json_schema: { name: "n", strict: true, schema, ...more },
  },
});
const claudesSchema = (schema) =>
  sent("claude", "claude-opus-4-6", formatOf(schema)).output_config.format.schema;

describe("a schema of the answer", () => {
  // BerriAI/litellm#21016, laravel/ai#715: "For 'integer' type, properties maximum, minimum are not supported"
  it("goes to Claude without the constraints that it rejects, which the description states", () => {
    const properties = {
      age: { type: "integer", minimum: 1, maximum: 10 },
      name: { type: "string", description: 'the "name"', minLength: 1, format: "phone" },
      mail: { type: "string", format: "email", pattern: "^.+@" },
      tags: { type: "array", minItems: 1, maxItems: 3, items: { type: "number", multipleOf: 2 } },
      rest: { type: "array", minItems: 2, items: { type: "string" } },
    };
    const schema = { type: "object", properties, required: ["age"], additionalProperties: false };
    assert.deepEqual(claudesSchema(schema), {
      ...schema,
      properties: {
        age: { type: "integer", description: "{minimum: 1, maximum: 10}" },
        name: { type: "string", description: 'the "name"\n\n{minLength: 1, format: "phone"}' },
        mail: properties.mail,
        tags: {
          type: "array",
          description: "{maxItems: 3}",
          minItems: 1,
          items: { type: "number", description: "{multipleOf: 2}" },
        },
        rest: { type: "array", description: "{minItems: 2}", items: { type: "string" } },
      },
    });
  });

  // vercel/ai#20681: "For 'object' type, 'additionalProperties' must be explicitly set to false"
  it("has closed objects wherever they stand, and names of properties stay", () => {
    const open = { type: "object", properties: { minimum: { type: "string" } } };
    const closed = { ...open, additionalProperties: false };
    const schema = {
      type: ["object", "null"],
      additionalProperties: true,
      properties: { items: open, oneOf: { oneOf: [open, { type: "null" }] }, any: {}, all: true },
      $defs: { format: { type: "array", items: { anyOf: [open] } } },
    };
    assert.deepEqual(claudesSchema(schema), {
      type: ["object", "null"],
      properties: {
        items: closed,
        oneOf: { anyOf: [closed, { type: "null" }] },
        any: {},
        all: true,
      },
      $defs: { format: { type: "array", items: { anyOf: [closed] } } },
      additionalProperties: false,
    });
  });

  it("keeps values that look like keywords", () => {
    const named = {
      enum: ["minimum", "maxItems"],
      default: { format: "x" },
      const: { not: 1 },
    };
    assert.deepEqual(claudesSchema(named), named);
  });

  it("reaches Claude on Bedrock as a text, with name and description", () => {
    const schema = { type: "object", properties: { a: { type: "integer", minimum: 1 } } };
    const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    const { outputConfig } = sent("bedrock", model, formatOf(schema, { description: "d" }));
    assert.equal(outputConfig.textFormat.type, "json_schema");
    const { jsonSchema } = outputConfig.textFormat.structure;
    assert.deepEqual([jsonSchema.name, jsonSchema.description], ["n", "d"]);
    assert.deepEqual(JSON.parse(jsonSchema.schema), {
      type: "object",
      properties: { a: { type: "integer", description: "{minimum: 1}" } },
      additionalProperties: false,
    });
  });

  it("becomes an instruction where the model has no structured output", () => {
    const schema = { type: "object", properties: { a: { type: "integer", minimum: 1 } } };
    const told = `It conforms to this JSON schema: ${JSON.stringify(schema)}`;
    const claude = sent("claude", "claude-3-7-sonnet-latest", formatOf(schema));
    assert.equal(claude.output_config, undefined);
    assert.ok(claude.system[0].text.endsWith(told));
    for (const model of ["amazon.nova-pro-v1:0", "anthropic.claude-opus-4-1-20250805-v1:0"]) {
      const bedrock = sent("bedrock", model, formatOf(schema));
      assert.equal(bedrock.outputConfig, undefined);
      assert.ok(bedrock.system[0].text.endsWith(told));
    }
  });

  // Anthropic's document on structured outputs: `additionalProperties` may be false alone; pydantic's dict[str, X]
  it("becomes an instruction where it has maps, which no closed schema expresses", () => {
    const maps = [
      { type: "object", additionalProperties: { type: "integer" } },
      { type: "object", additionalProperties: {} },
      { type: "object", additionalProperties: true },
      { type: "object", patternProperties: { "^x": { type: "integer" } } },
    ];
    for (const map of maps) {
      const schema = { type: "object", properties: { a: { type: "array", items: map } } };
      const told = `It conforms to this JSON schema: ${JSON.stringify(schema)}`;
      const claude = sent("claude", "claude-opus-4-6", formatOf(schema));
      assert.equal(claude.output_config, undefined);
      assert.ok(claude.system[0].text.endsWith(told));
      const bedrock = sent("bedrock", "us.anthropic.claude-opus-4-6-v1", formatOf(schema));
      assert.equal(bedrock.outputConfig, undefined);
      assert.ok(bedrock.system[0].text.endsWith(told));
    }
  });

  // OpenAI's API reference, `strict`: without it the schema is best effort, and its objects may be open
  it("becomes an instruction where it is open and not strict", () => {
    const properties = { a: { type: "string" } };
    const open = { type: "object", properties, additionalProperties: true };
    const told = (schema, strict) =>
      sent("claude", "claude-opus-4-6", formatOf(schema, { strict })).output_config === undefined;
    for (const strict of [false, undefined]) {
      assert.ok(told(open, strict));
      assert.ok(told({ type: "object", properties: { b: { type: "object" } } }, strict));
      assert.ok(!told({ type: "object", properties }, strict));
      assert.ok(!told({ ...open, additionalProperties: false }, strict));
    }
    assert.ok(!told(open, true));
  });

  it("keeps both lists where oneOf stands beside anyOf", () => {
    const [a, b] = ["a", "b"].map((name) => ({ required: [name] }));
    const both = { oneOf: [{ oneOf: [a], anyOf: [b] }], anyOf: [a, b] };
    const wrapped = { allOf: [{ anyOf: [a] }], anyOf: [b] };
    const upstream = jsonUpstream({});
    const messages = [{ role: "user", content: "x" }];
    const body = JSON.stringify({ model: "claude-opus-4-6", messages, ...formatOf(both) });
    exchange([proxies.claude], { path: "/v1/chat/completions", body }, upstream);
    const text = JSON.stringify({ allOf: [{ anyOf: [wrapped] }], anyOf: [a, b] });
    assert.ok(upstream.requests[0].body.toString().includes(`"schema":${text}`));
    const three = sent("claude", "claude-opus-4-6", formatOf({ ...both, allOf: [a] }));
    assert.equal(three.output_config, undefined);
    const odd = sent("claude", "claude-opus-4-6", formatOf({ oneOf: 1, anyOf: [a] }));
    assert.deepEqual(odd.output_config.format.schema.anyOf, [a]);
  });

  // 567-labs/instructor#1753, danny-avila/LibreChat#6456: "This model doesn't support system messages"
  it("is stated in the user's turn where system prompts may be rejected", () => {
    const mode = { response_format: { type: "json_object" } };
    const of = (members) => sent("bedrock", "mistral.mixtral-8x7b-instruct-v0:1", members);
    const alone = of(mode);
    assert.equal(alone.system, undefined);
    assert.equal(alone.messages.length, 1);
    const [question, told] = alone.messages[0].content;
    assert.equal(question.text, "x");
    assert.match(told.text, /valid JSON object/);
    const user = { role: "user", content: "x" };
    const calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
    const turn = { role: "assistant", content: "", tool_calls: calls };
    const result = { role: "tool", tool_call_id: "c", content: "r" };
    // "Conversation blocks and tool result blocks cannot be provided in the same turn."
    const { messages } = of({ ...mode, messages: [user, { ...user }, turn, result] });
    assert.deepEqual(
      messages.map(({ content }) => content.length),
      [3, 1, 1],
    );
    assert.match(messages[0].content[2].text, /valid JSON object/);
    const begun = of({ ...mode, messages: [user, { role: "assistant", content: "{" }] });
    assert.deepEqual(begun.messages.at(-1), { role: "assistant", content: [{ text: "{" }] });
    assert.match(of({ ...mode, messages: [turn] }).messages.at(-1).content[0].text, /valid JSON/);
    const system = of({ ...mode, messages: [{ role: "system", content: "S" }, user] });
    assert.equal(system.system.length, 2);
    assert.equal(system.messages[0].content.length, 1);
  });

  it("is not needed for JSON mode", () => {
    const mode = { response_format: { type: "json_object" } };
    assert.match(sent("bedrock", "amazon.nova-pro-v1:0", mode).system[0].text, /valid JSON object/);
    const text = { response_format: { type: "text" } };
    assert.equal(sent("bedrock", "amazon.nova-pro-v1:0", text).system, undefined);
  });
});

// Anthropic's document on structured outputs, JSON Schema limitations
describe("a schema that no grammar has", () => {
  const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
  const leaf = { type: "object", properties: { a: { type: "string" } } };
  const root = (properties, more) => ({ type: "object", properties, ...more });
  const of = (pointer) => ({ a: { $ref: pointer } });
  const NONE = {
    "a definition that contains itself": root(of("#/$defs/node"), { $defs: { node } }),
    "definitions in a circle": root(of("#/definitions/b"), {
      definitions: {
        b: root({ x: { type: "array", items: { $ref: "#/definitions/c" } } }),
        c: root({ x: { anyOf: [{ type: "null" }, { $ref: "#/definitions/d" }] } }),
        d: root(of("#/definitions/b")),
      },
    }),
    "the whole within itself": root(of("#")),
    "a property within itself": root({ a: root({ b: { $ref: "#/properties/a" } }) }),
    "an anchor": root({ a: { $anchor: "x", type: "string" }, b: { $ref: "#x" } }),
    "an address elsewhere": root(of("https://example.org/a.json")),
    "a reference in allOf": root({ a: { allOf: [{ $ref: "#/$defs/leaf" }] } }, { $defs: { leaf } }),
    "an object in an enum": root({ a: { enum: ["x", { b: 1 }] } }),
    "a list in an enum": root({ a: { enum: [["x"]] } }),
  };
  const SOME = {
    "definitions that end": root(
      { ...of("#/$defs/b"), c: { $ref: "#/$defs/leaf" } },
      {
        $defs: { b: root({ ...of("#/$defs/leaf"), d: { $ref: "#/$defs/leaf" } }), leaf },
      },
    ),
    "numbers, null and truth in an enum": root({ a: { enum: ["x", 1, null, true] } }),
    "a property called $ref": root({ $ref: { type: "string" }, $defs: { type: "string" } }),
  };
  const toolFor = (type, model, parameters) => {
    const tools = [{ type: "function", function: { name: "f", strict: true, parameters } }];
    return sent(type, model, { tools });
  };
  const models = { claude: "claude-opus-4-6", bedrock: "us.anthropic.claude-opus-4-6-v1" };

  for (const [name, schema] of Object.entries(NONE)) {
    it(`${name}: an instruction, and a tool that is not strict`, () => {
      const { output_config: config, system } = sent("claude", models.claude, formatOf(schema));
      assert.equal(config, undefined);
      assert.ok(system[0].text.includes(JSON.stringify(schema)));
      const [tool] = toolFor("claude", models.claude, schema).tools;
      assert.deepEqual([tool.strict, tool.input_schema], [undefined, schema]);
      const [{ toolSpec }] = toolFor("bedrock", models.bedrock, schema).toolConfig.tools;
      assert.deepEqual([toolSpec.strict, toolSpec.inputSchema.json], [undefined, schema]);
    });
  }

  for (const [name, schema] of Object.entries(SOME)) {
    it(`${name}: a schema`, () => {
      assert.ok(claudesSchema(schema));
      assert.equal(toolFor("claude", models.claude, schema).tools[0].strict, true);
      const [{ toolSpec }] = toolFor("bedrock", models.bedrock, schema).toolConfig.tools;
      assert.equal(toolSpec.strict, true);
    });
  }
});

describe("strict tools", () => {
  const functionOf = (parameters, i = 0) => ({
    type: "function",
    function: { name: `f${i}`, strict: true, parameters },
  });
  const open = { type: "object", properties: { a: { type: "array", maxItems: 3 } } };
  const closed = {
    type: "object",
    properties: { a: { type: "array", description: "{maxItems: 3}" } },
    additionalProperties: false,
  };

  // experientiallabs/experiential#804: "tools.0.custom: For 'array' type, property 'maxItems' is not supported"
  it("have schemas that Claude accepts", () => {
    const tools = [
      functionOf(open),
      { ...functionOf(open), function: { name: "g", parameters: open } },
    ];
    const [strict, usual] = sent("claude", "claude-opus-4-6", { tools }).tools;
    assert.deepEqual([strict.strict, strict.input_schema], [true, closed]);
    assert.deepEqual([usual.strict, usual.input_schema], [undefined, open]);
  });

  it("are not strict where their schemas cannot be closed, and do not count", () => {
    const map = { type: "object", properties: { a: { type: "object", additionalProperties: {} } } };
    const tools = Array.from({ length: 21 }, (_, i) => functionOf(i === 0 ? map : open, i));
    const [first, ...others] = sent("claude", "claude-opus-4-6", { tools }).tools;
    assert.deepEqual([first.strict, first.input_schema], [undefined, map]);
    assert.equal(others.filter(({ strict }) => strict).length, 20);
    const { toolSpec } = sent("bedrock", "us.anthropic.claude-opus-4-6-v1", { tools }).toolConfig
      .tools[0];
    assert.deepEqual([toolSpec.strict, toolSpec.inputSchema.json], [undefined, map]);
  });

  it("are closed without parameters, too", () => {
    const [tool] = sent("claude", "claude-opus-4-6", { tools: [functionOf(undefined)] }).tools;
    const none = { type: "object", properties: {}, additionalProperties: false };
    assert.deepEqual([tool.strict, tool.input_schema], [true, none]);
  });

  it("stay strict on Bedrock for Claude alone", () => {
    const specOf = (model) =>
      sent("bedrock", model, { tools: [functionOf(open)] }).toolConfig.tools[0].toolSpec;
    const claudes = specOf("us.anthropic.claude-opus-4-6-v1");
    assert.deepEqual([claudes.strict, claudes.inputSchema.json], [true, closed]);
    const novas = specOf("amazon.nova-pro-v1:0");
    assert.deepEqual([novas.strict, novas.inputSchema.json], [undefined, open]);
  });

  // langchain4j/langchain4j#5128: 20 strict tools per request
  it("are twenty at most", () => {
    const tools = Array.from({ length: 22 }, (_, i) => functionOf(open, i));
    const strict = sent("claude", "claude-opus-4-6", { tools }).tools.map((tool) => tool.strict);
    assert.deepEqual(
      [strict.length, strict.filter(Boolean).length, strict[20]],
      [22, 20, undefined],
    );
  });
});

describe("a forced call", () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  const forced = { tools, tool_choice: "required", reasoning_effort: "high", max_tokens: 20000 };
  const choiceOf = (model) => sent("claude", model, forced).tool_choice.type;
  const converseChoiceOf = (model) =>
    Object.keys(sent("bedrock", model, forced).toolConfig.toolChoice)[0];

  // Anthropic's document on thinking: adaptive thinking supports forced tools, a budget does not;
  // pydantic/pydantic-ai#7195, withceleste/celeste-python#393 (Fable 5.1)
  it("stays forced while Claude thinks adaptively", () => {
    for (const model of [
      "claude-opus-4-6",
      "claude-opus-4-7",
      "claude-opus-4-8",
      "claude-sonnet-5",
    ]) {
      assert.equal(choiceOf(model), "any", model);
    }
    for (const model of ["claude-opus-4-5", "claude-fable-5-1"]) {
      assert.equal(choiceOf(model), "auto", model);
    }
    const own = { thinking: { type: "adaptive" }, reasoning_effort: undefined };
    const adaptive = sent("claude", "claude-opus-4-6", { ...forced, ...own });
    assert.equal(adaptive.tool_choice.type, "any");
    own.thinking = { type: "enabled", budget_tokens: 2000 };
    const enabled = sent("claude", "claude-opus-4-6", { ...forced, ...own });
    assert.equal(enabled.tool_choice.type, "auto");
  });

  // langchain-ai/langchain-aws#1141, #1151
  it("does so on Bedrock from Opus 4.8 on", () => {
    assert.equal(converseChoiceOf("us.anthropic.claude-opus-4-8"), "any");
    assert.equal(converseChoiceOf("us.anthropic.claude-sonnet-5"), "any");
    assert.equal(converseChoiceOf("us.anthropic.claude-opus-4-7"), "auto");
    assert.equal(converseChoiceOf("us.anthropic.claude-sonnet-4-6"), "auto");
  });
});

/** Schemas that are hard to close, and conversations with many files, at the vendors that rewrite them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { repeat } from "./inflate.mjs";
import { check, countingPlugin, exchange } from "./measure.mjs";

const PROVIDERS = {
  claude: [{ type: "claude" }, "claude-opus-4-6"],
  bedrock: [{ type: "bedrock", awsRegion: "us-east-1" }, "us.anthropic.claude-opus-4-6-v1"],
};

const root = (members) => `{"type":"object","properties":{"a":{}},${members}}`;
const SCHEMAS = {
  "definitions in a row": (size) =>
    root(`"$defs":{${repeat(size, (i) => `"d${i}":{"items":{"$ref":"#/$defs/d${i + 1}"}}`)}}`),
  "definitions in a row, backwards": (size) =>
    root(`"$defs":{${repeat(size, (i) => `"d${i}":{"items":{"$ref":"#/$defs/d${i - 1}"}}`)}}`),
  "definitions in circles": (size) =>
    root(`"definitions":{${repeat(size, (i) => `"d${i}":{"$ref":"#/definitions/d${i ^ 1}"}`)}}`),
  "references from one definition": (size) =>
    root(`"$defs":{"x":{"anyOf":[${repeat(size, (i) => `{"$ref":"#/$defs/d${i}"}`)}]}}`),
  "references to one definition": (size) =>
    root(
      `"$defs":{"x":{"type":"null"},"y":{"anyOf":[${repeat(size, () => '{"$ref":"#/$defs/x"}')}]}}`,
    ),
  "references with one name": (size) =>
    root(`"$defs":{"x":{${repeat(size, () => '"$ref":"#/$defs/x"')}}}`),
  "long references": (size) => root(`"$defs":{"x":{"$ref":"#/$defs/${"y".repeat(size)}"}}`),
  "an enum": (size) => root(`"enum":[${repeat(size, (i) => `"v${i}"`)}]`),
  "lists in an enum": (size) => root(`"enum":[${repeat(size, () => "[]")}]`),
  "allOf of references": (size) => root(`"allOf":[${repeat(size, () => '{"$ref":"#/a"}')}]`),
  "lists of both kinds": (size) =>
    root(`"anyOf":[${repeat(size, () => '{"oneOf":[{}],"anyOf":[{}]}')}]`),
  constraints: (size) => root(`"items":{${repeat(size, () => '"maxItems":3')}}`),
  "types of many": (size) => root(`"items":{"type":[${repeat(size, () => '"string"')}]}`),
  "small objects": (size) => root(`"anyOf":[${repeat(size, () => '{"type":"object"}')}]`),
};

const bodyOf = (model, content, more) =>
  `{"model":"${model}","messages":[{"role":"user","content":${content}}]${more}}`;

/** Checks bodies, of which the vendor gets at least one. */
function tryBodies(provider, cases) {
  let asked = 0;
  const upstream = () => {
    asked++;
    return { headers: { "content-type": "application/json" }, chunks: ["{}"] };
  };
  const make = () => countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
  const run = (plugin, body) => exchange([plugin], { body }, upstream);
  for (const [name, text] of Object.entries(cases)) {
    try {
      check({ make, text, run });
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
  assert.ok(asked > 0, "nothing went upstream");
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

for (const [name, [provider, model]] of Object.entries(PROVIDERS)) {
  describe(`hostile schemas for ${name}`, () => {
    it("of a strict tool", () => {
      const tool = (schema) =>
        `,"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":${schema}}}]`;
      tryBodies(
        provider,
        mapValues(SCHEMAS, (schema) => (size) => bodyOf(model, '"x"', tool(schema(size)))),
      );
    });

    it("of an answer", () => {
      const format = (schema) =>
        `,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":${schema}}}`;
      tryBodies(
        provider,
        mapValues(SCHEMAS, (schema) => (size) => bodyOf(model, '"x"', format(schema(size)))),
      );
    });
  });
}

describe("many files for bedrock", () => {
  const file = (name) =>
    `{"type":"file","file":{"filename":"${name}","file_data":"data:application/pdf;base64,QQ"}}`;
  const NAMES = {
    "one name": () => "a.pdf",
    "names that become one": (i) => "a!".repeat(1 + (i % 90)),
    "names that others get": (i) => `a-pdf${i % 2 === 0 ? `-${i}` : ""}`,
    "long names": (i) => `${"a b.".repeat(60)}${i}`,
    "no letters": () => "ü",
  };

  it("have names of their own, in linear time", () => {
    const [provider, model] = PROVIDERS.bedrock;
    const files = (nameOf) => (size) =>
      bodyOf(model, `[${repeat(size, (i) => file(nameOf(i)))}]`, "");
    const pictures = (size) =>
      bodyOf(
        model,
        `[${repeat(size, () => '{"type":"image_url","image_url":{"url":"data:image/jpg;base64,/9j/"}}')}]`,
        "",
      );
    tryBodies(provider, { ...mapValues(NAMES, files), pictures });
  });
});

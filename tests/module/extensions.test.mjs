/**
 * What docs/contributing.md promises: a vendor that speaks OpenAI's protocol is one row, one with a
 * protocol of its own is one folder and its name in the table, and a client protocol is one folder and its
 * name in the registry. All are added to a copy of the sources, which is built and asked.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Plugin } from "../host/chain.mjs";
import {
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  streamedText,
  streamUpstream,
} from "./support.mjs";

const PROVIDERS = "assembly/ai-proxy/provider";
const PROTOCOLS = "assembly/protocol";
const SOURCES = ["assembly", "scripts", "examples", "tests/probe", "tests/fuzz"];
const FILES = ["asconfig.json", "package.json", "docs/providers.md", "docs/architecture.md"];

const ROW = `
  <ProviderType>{
    name: "made-up",
    host: "api.made-up.example",
    pathPrefix: "/v7",
    apis: [CHAT],
    changes: [MAX_TOKENS],
    answer: <AnswerRules>{ finishReasons: [new FinishReason("done", "stop")] },
  },`;

let copy;
let code;

/** Puts `added` behind the one place of a file where `anchor` stands. */
function insert(file, anchor, added) {
  const path = join(copy, file);
  const parts = readFileSync(path, "utf8").split(anchor);
  assert.equal(parts.length, 2, `${file} has ${anchor} once`);
  writeFileSync(path, parts.join(anchor + added));
}

const node = (script, ...args) =>
  execFileSync(process.execPath, [join(copy, "scripts", script), ...args], {
    cwd: copy,
    env: { ...process.env, FAST: "1" },
    encoding: "utf8",
  });

const start = (provider) => {
  const proxy = new Plugin("ai-proxy", code, { provider: { apiTokens: ["key-1"], ...provider } });
  assert.ok(proxy.accepted, proxy.vm.logText());
  return proxy;
};

before(() => {
  copy = mkdtempSync(join(tmpdir(), "ai-gateway-"));
  for (const path of [...SOURCES, ...FILES]) {
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  insert(
    `${PROVIDERS}/openai-compatible.ts`,
    "export const OPENAI_COMPATIBLE: ProviderType[] = [",
    ROW,
  );
  cpSync(join(ROOT, "tests/extensions/example"), join(copy, PROVIDERS, "example"), {
    recursive: true,
  });
  insert(
    `${PROVIDERS}/table.ts`,
    'import { DOUBAO } from "./doubao/row";',
    '\nimport { EXAMPLE } from "./example/row";',
  );
  insert(`${PROVIDERS}/table.ts`, "\n  DOUBAO,", "\n  EXAMPLE,");
  cpSync(join(ROOT, "tests/extensions/example-protocol"), join(copy, PROTOCOLS, "example"), {
    recursive: true,
  });
  insert(
    `${PROTOCOLS}/registry.ts`,
    'import { ClientProtocol, Endpoint } from "./base/client-protocol";',
    '\nimport { ExampleProtocol } from "./example/protocol";',
  );
  insert(`${PROTOCOLS}/registry.ts`, "\n  new OpenAiResponses(),", "\n  new ExampleProtocol(),");
  node("build.mjs", "ai-cache", "ai-proxy", "providers");
  code = readFileSync(join(copy, "build/ai-proxy.wasm"));
});

after(() => rmSync(copy, { recursive: true, force: true }));

describe("a new vendor", () => {
  it("passes the checks of the sources, and the documents know it", () => {
    node("check-layers.mjs");
    node("provider-docs.mjs");
    const text = readFileSync(join(copy, "docs/providers.md"), "utf8");
    assert.match(text, /^\| `made-up` \| `api\.made-up\.example` \| `\/v7\/chat\/completions` \|/m);
    assert.match(
      text,
      /^\| `example` \| `exampleVoice` \| required \| the voice that answers \|$/m,
    );
  });

  it("is one row when it speaks OpenAI's protocol", () => {
    const upstream = jsonUpstream(completion("Hello", { reason: "done" }));
    const body = chatBody("hi", { max_completion_tokens: 7 });
    const stream = exchange([start({ type: "made-up" })], { body }, upstream);
    const [{ headers, body: sent }] = upstream.requests;
    assert.equal(headers.get(":authority"), "api.made-up.example");
    assert.equal(headers.get(":path"), "/v7/chat/completions");
    assert.equal(headers.get("authorization"), "Bearer key-1");
    assert.equal(JSON.parse(sent).max_tokens, 7);
    assert.equal(JSON.parse(stream.text).choices[0].finish_reason, "stop");
  });

  it("is one folder and its name in the table when it has a protocol of its own", () => {
    const proxy = start({ type: "example", exampleVoice: "low" });
    const whole = jsonUpstream({ said: "Hello" });
    const stream = exchange([proxy], { body: chatBody("hi") }, whole);
    const [{ headers, body }] = whole.requests;
    assert.equal(headers.get(":path"), "/say");
    assert.equal(headers.get("x-example-key"), "key-1");
    assert.equal(JSON.parse(body).voice, "low");
    assert.equal(JSON.parse(stream.text).choices[0].message.content, "Hello");

    const events = streamUpstream(['data: {"said":"Hel"}\n\n', 'data: {"said":"lo"}\n\n']);
    const streamed = exchange([proxy], { body: chatBody("hi", { stream: true }) }, events);
    assert.equal(streamedText(streamed.text), "Hello");
  });

  it("has paths, an error's place and a header of its own, from its row alone", () => {
    const proxy = start({ type: "example", exampleVoice: "low" });
    const voices = jsonUpstream({ voices: [] });
    exchange([proxy], { path: "/voices/low", method: "GET", body: "" }, voices);
    assert.equal(voices.requests[0].headers.get(":path"), "/v1/voices/low");
    const elsewhere = exchange(
      [start({ type: "made-up" })],
      { path: "/voices/low", method: "GET", body: "" },
      voices,
    );
    assert.equal(elsewhere.received.status, 404);
    const refused = jsonUpstream({ refused: { because: "too loud" } }, { status: 422 });
    const { text } = exchange([proxy], { body: chatBody("hi") }, refused);
    assert.equal(JSON.parse(text).error.message, "too loud");
    const paying = jsonUpstream({ said: "Hello" });
    const headers = { "x-example-payer": "p-1" };
    exchange([proxy], { headers, body: chatBody("hi") }, paying);
    assert.equal(paying.requests[0].headers.get("x-example-payer"), undefined);
  });

  it("is found by another name, too", () => {
    expectLog(/did you mean example\?/);
    const provider = { type: "Instance", apiTokens: ["k"] };
    const proxy = new Plugin("ai-proxy", code, { provider });
    assert.match(proxy.vm.logText(), /unknown provider type: Instance \(did you mean example\?\)/);
  });

  it("has its keys declared: one is required, one is misspelt", () => {
    expectLog(/did you mean exampleVoice\?/, /missing exampleVoice in provider config$/);
    const provider = { type: "example", apiTokens: ["k"], exampleVoic: "low" };
    const proxy = new Plugin("ai-proxy", code, { provider });
    assert.equal(proxy.accepted, false);
    assert.match(proxy.vm.logText(), /missing exampleVoice in provider config/);
  });
});

describe("a new client protocol", () => {
  const path = "/v1/models/m-1:speak";
  const ask = (members) => ({ path, body: JSON.stringify({ lines: ["hi"], ...members }) });

  it("is one folder and its name in the registry: requests become chats, answers come back in it", () => {
    const upstream = jsonUpstream(completion("Hello"));
    const stream = exchange([start({ type: "made-up" })], ask(), upstream);
    const [{ headers, body }] = upstream.requests;
    assert.equal(headers.get(":path"), "/v7/chat/completions");
    const { model, messages } = JSON.parse(body);
    assert.equal(model, "m-1");
    assert.deepEqual(messages, [{ role: "user", content: "hi" }]);
    assert.deepEqual(JSON.parse(stream.text), { speaker: "gpt-4-0613", spoken: "Hello" });
  });

  it("gets streams and errors in its own form", () => {
    const proxy = start({ type: "example", exampleVoice: "low" });
    const events = streamUpstream(['data: {"said":"Hel"}\n\n', 'data: {"said":"lo"}\n\n']);
    const streamed = exchange([proxy], ask({ live: true }), events);
    assert.equal(
      streamed.text,
      'data: {"bit":"Hel"}\n\ndata: {"bit":"lo"}\n\nevent: over\ndata: {"speaker":"m-1"}\n\n',
    );
    const refused = exchange([proxy], ask({ lines: [] }), jsonUpstream({ said: "Hello" }));
    assert.equal(refused.received.status, 400);
    assert.deepEqual(JSON.parse(refused.text), { trouble: "a model and lines are needed" });
  });

  it("is cached, whole and streamed, and distinguished from chats", () => {
    const cache = new Plugin("ai-cache", readFileSync(join(copy, "build/ai-cache.wasm")), {
      explain: true,
    });
    assert.ok(cache.accepted, cache.vm.logText());
    const answers = [
      'data: {"bit":"Hel"}\n\n',
      'data: {"bit":"lo"}\n\nevent: over\ndata: {"speaker":"m-1"}\n\n',
    ];
    const upstream = streamUpstream(answers);
    assert.equal(exchange([cache], ask({ live: true }), upstream).text, answers.join(""));
    const hit = exchange([cache], ask(), upstream);
    assert.deepEqual(JSON.parse(hit.text), { speaker: "m-1", spoken: "Hello" });
    const streamed = exchange([cache], ask({ live: true }), upstream);
    assert.match(streamed.text, /^data: \{"bit":"Hello"\}\n\nevent: over\n/);
    assert.equal(upstream.requests.length, 1);
    exchange([cache], ask({ lines: ["another question"] }), upstream);
    assert.equal(upstream.requests.length, 2);
  });
});

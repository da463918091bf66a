/** The whole chain with a real model behind it and the official OpenAI clients in front. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import OpenAI from "openai";
import { LOCAL_MODEL, startModel } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { Gateway, stopAll } from "./support.mjs";

describe("a real model and the official clients", () => {
  let model;
  let gateway;

  before(async () => {
    const port = await freePort();
    const started = await startModel(port);
    model = started.child;
    assert.ok(started.ready, model.output);
    gateway = await Gateway.start({ upstreamPort: port, cache: { explain: true } });
  });
  after(() => stopAll(gateway, model));

  const client = (apiKey = "sk-node") =>
    new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  const ask = (content, members = {}) => ({
    model: LOCAL_MODEL,
    temperature: 0,
    max_tokens: 60,
    messages: [{ role: "user", content }],
    ...members,
  });

  it("npm openai: plain, the same again, and as a stream", async () => {
    const first = await client().chat.completions.create(ask("What is 2+2?")).withResponse();
    assert.match(first.response.headers.get("cache-status"), /fwd=miss/);
    assert.equal(first.data.choices[0].finish_reason, "stop", "the model answers this briefly");
    const second = await client().chat.completions.create(ask("What is 2+2?")).withResponse();
    assert.match(second.response.headers.get("cache-status"), /hit/);
    assert.deepEqual(second.data, first.data);
    const { data: stream, response } = await client()
      .chat.completions.create(
        ask("What is 2+2?", { stream: true, stream_options: { include_usage: true } }),
      )
      .withResponse();
    assert.match(response.headers.get("cache-status"), /hit/);
    let text = "";
    let usage;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, first.data.choices[0].message.content);
    assert.deepEqual(usage, first.data.usage);
  });

  it("npm openai: a stream first, then as JSON", async () => {
    const question = "Say hello.";
    const live = await client().chat.completions.stream(ask(question)).finalChatCompletion();
    const { data, response } = await client().chat.completions.create(ask(question)).withResponse();
    assert.match(response.headers.get("cache-status"), /hit/);
    assert.equal(data.choices[0].message.content, live.choices[0].message.content);
    assert.equal(data.id, live.id);
    assert.ok(data.usage.total_tokens > 0);
    const replayed = await client().chat.completions.stream(ask(question)).finalChatCompletion();
    assert.equal(replayed.choices[0].message.content, live.choices[0].message.content);
  });

  it("npm openai: errors are errors", async () => {
    await assert.rejects(
      client().chat.completions.create({ model: 5, messages: [] }),
      (error) => error instanceof OpenAI.BadRequestError && error.code === "invalid_json",
    );
  });

  it("PyPI openai: the same", () => {
    const python = venvBinary("openai", "python");
    const result = spawnSync(
      python,
      [join(ROOT, "tests/e2e/openai_client.py"), `${gateway.url}/v1`, LOCAL_MODEL],
      { encoding: "utf8" },
    );
    assert.equal(result.status, 0, result.stdout + result.stderr);
    assert.match(result.stdout, /all good/);
  });
});

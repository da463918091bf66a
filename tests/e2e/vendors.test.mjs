/** What only the real Envoy can show of single vendors: their own clients, forms, files from elsewhere. */
import assert from "node:assert/strict";
import http from "node:http";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import OpenAI, { AzureOpenAI, toFile } from "openai";
import { listen } from "../fakes/http-server.mjs";
import { completion, completionEvents, Gateway, sleep, stopAll } from "./support.mjs";

const DEPLOYMENT = "prod-4o";

/** Azure OpenAI as its client and our module expect it, and a server of files beside it. */
async function startServers(seen) {
  const server = http.createServer(async (request, response) => {
    const body = await consume.buffer(request);
    const { url, headers } = request;
    seen.push({ url, headers, body });
    const json = (status, value) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (url === "/context.txt")
      return void setTimeout(() => response.end("Answer in one word."), 50);
    if (headers["api-key"] !== "azure-key" || headers.authorization) {
      return json(401, {
        error: { code: "401", message: "Access denied due to invalid subscription key." },
      });
    }
    const match = /^\/openai\/deployments\/([\w-]+)\/([\w/]+)\?api-version=2024-10-21$/.exec(url);
    if (match?.[1] !== DEPLOYMENT)
      return json(404, { error: { code: "DeploymentNotFound", message: url } });
    if (match[2] === "embeddings") {
      const data = [{ object: "embedding", index: 0, embedding: [0.5, -0.5] }];
      return json(200, {
        object: "list",
        model: "m",
        data,
        usage: { prompt_tokens: 1, total_tokens: 1 },
      });
    }
    if (match[2] === "audio/transcriptions") return json(200, { text: `${body.length} bytes` });
    const chat = JSON.parse(body);
    if (chat.messages.at(-1).content === "filtered") {
      return json(400, {
        error: { code: "content_filter", message: "policy", param: "prompt", type: null },
      });
    }
    if (!chat.stream) return json(200, completion(`${chat.messages.length} messages`));
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify({ choices: [], prompt_filter_results: [] })}\n\n`);
    for (const event of completionEvents(["one", " two"])) {
      response.write(event);
      await sleep(2);
    }
    response.end();
  });
  await listen(server);
  return server;
}

describe("Azure's own client", () => {
  const seen = [];
  let server;
  let gateway;
  let client;

  before(async () => {
    server = await startServers(seen);
    const { port } = server.address();
    gateway = await Gateway.start({
      upstreamPort: port,
      cache: { enableSemanticCache: false },
      proxy: {
        provider: {
          type: "azure",
          apiTokens: ["azure-key"],
          azureServiceUrl: "https://res.openai.azure.com?api-version=2024-10-21",
          modelMapping: { "*": DEPLOYMENT },
          context: { fileUrl: "http://files/context.txt", serviceName: "llm", servicePort: 8080 },
        },
      },
    });
    client = new AzureOpenAI({
      endpoint: gateway.url,
      apiKey: "client-key",
      apiVersion: "2024-10-21",
      deployment: "theirs",
      maxRetries: 0,
    });
  });
  after(() => stopAll(gateway, server));

  const target = "/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21";

  it("works with OpenAI's client too, with the context file in the first chat already", async () => {
    const plain = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client", maxRetries: 0 });
    const ask = (content) =>
      plain.chat.completions.create({ model: "gpt-4", messages: [{ role: "user", content }] });
    const answers = await Promise.all(["a", "b", "c"].map(ask));
    for (const answer of answers) assert.equal(answer.choices[0].message.content, "2 messages");
    assert.equal(seen.filter(({ url }) => url === "/context.txt").length, 1);
    const chats = seen.filter(({ url }) => url.includes("chat"));
    for (const { body, headers } of chats) {
      assert.equal(JSON.parse(body).messages[0].content, "Answer in one word.");
      assert.equal(headers.host, "res.openai.azure.com");
    }
    await assert.rejects(
      ask("filtered"),
      (error) => error.status === 400 && error.code === "content_filter",
    );
    const embedding = await plain.embeddings.create({
      model: "e",
      input: "x",
      encoding_format: "float",
    });
    assert.deepEqual(embedding.data[0].embedding, [0.5, -0.5]);
    const stream = await plain.chat.completions.create({
      model: "gpt-4",
      stream: true,
      messages: [{ role: "user", content: "s" }],
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    assert.equal(text, "one two");
  });

  it("finds the deployment of a form of several parts", async () => {
    const plain = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client", maxRetries: 0 });
    const file = await toFile(Buffer.alloc(300_000, 7), "a.mp3");
    const { text } = await plain.audio.transcriptions.create({ model: "whisper-1", file });
    const { body, url } = seen.at(-1);
    assert.equal(text, `${body.length} bytes`);
    assert.match(url, /deployments\/prod-4o\/audio\/transcriptions/);
    assert.ok(body.includes(DEPLOYMENT));
    assert.equal(body.includes("whisper-1"), false);
  });

  it("reaches the deployment that the gateway chose, with the gateway's key", async () => {
    const before = seen.length;
    const messages = [{ role: "user", content: "z" }];
    const answer = await client.chat.completions.create({ model: "x", messages });
    const { url, headers } = seen[before];
    assert.equal(headers["api-key"], "azure-key");
    assert.equal(url, target);
    assert.equal(answer.choices[0].message.content, "2 messages");
  });
});

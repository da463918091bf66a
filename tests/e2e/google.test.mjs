/** Google's own libraries at vendors of several protocols, through the real Envoy. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { addCluster, setCluster } from "../../scripts/tools/envoy-config.mjs";
import { ensureAgent } from "../../scripts/tools/agents.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { ChatVendor, VENDORS } from "../fakes/chat-vendors.mjs";
import { close, listen } from "../fakes/http-server.mjs";
import { Gateway, stopAll } from "./support.mjs";

const ANSWER = "Hello \u{1f600}!";
const MODEL = "some-model";
const PARAMETERS = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const TOOLS = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: PARAMETERS }] }];
/** Vendors whose answer to a request without its tools' results is a call. */
const TYPES = ["gemini", "vertex", "openai", "claude", "bedrock"];

const { folder, fault } = ensureAgent("google-genai");

for (const type of TYPES) {
  describe(`Google's libraries and ${type}`, { skip: fault }, () => {
    const { config, cluster } = VENDORS[type];
    let vendor;
    let gateway;
    let client;

    before(async () => {
      vendor = await ChatVendor.start(type);
      const custom = type === "openai" ? { openaiCustomUrl: `llm:${vendor.port}/v1` } : {};
      gateway = await Gateway.start({
        upstreamPort: vendor.port,
        cache: { explain: true },
        proxy: { provider: { type, apiTokens: ["key-1"], ...config, ...custom } },
        change: (envoy) => {
          setCluster(envoy, "llm", "127.0.0.1", vendor.port);
          if (cluster) addCluster(envoy, cluster, vendor.port);
        },
      });
      const { GoogleGenAI } = createRequire(join(folder, "package.json"))("@google/genai");
      client = new GoogleGenAI({ apiKey: "client", httpOptions: { baseUrl: gateway.url } });
    });
    after(() => stopAll(gateway, vendor));

    it("@google/genai: text, buffered and streamed", async () => {
      const whole = await client.models.generateContent({ model: MODEL, contents: "hi" });
      assert.equal(whole.text, ANSWER);
      assert.equal(whole.candidates[0].finishReason, "STOP");
      assert.ok(whole.usageMetadata.totalTokenCount > 0);
      const asked = vendor.requests.length;
      const stream = await client.models.generateContentStream({ model: MODEL, contents: "hi" });
      let text = "";
      for await (const piece of stream) text += piece.text ?? "";
      assert.equal(text, ANSWER);
      assert.equal(vendor.requests.length, asked, "the stream came from the cache");
      const fresh = await client.models.generateContentStream({ model: MODEL, contents: "ho" });
      let last;
      text = "";
      for await (const piece of fresh) {
        last = piece;
        text += piece.text ?? "";
      }
      assert.equal(text, ANSWER);
      assert.ok(last.usageMetadata.totalTokenCount > 0);
      assert.equal(vendor.requests.length, asked + 1);
    });

    for (const isStream of [false, true]) {
      it(`@google/genai: a chat with a tool, ${isStream ? "streamed" : "buffered"}`, async () => {
        const chat = client.chats.create({
          model: MODEL,
          config: { tools: TOOLS, systemInstruction: "be brief" },
        });
        const say = async (message) => {
          if (!isStream) return await chat.sendMessage({ message });
          const pieces = [];
          for await (const piece of await chat.sendMessageStream({ message })) pieces.push(piece);
          return {
            functionCalls: pieces.flatMap(({ functionCalls }) => functionCalls ?? []),
            text: pieces.map(({ text }) => text ?? "").join(""),
          };
        };
        const { functionCalls } = await say("weather?");
        assert.deepEqual(
          functionCalls.map(({ name, args }) => [name, args]),
          [["weather", { city: "Zürich" }]],
        );
        const { id, name } = functionCalls[0];
        const answer = await say({
          functionResponse: { id, name, response: { output: "sunny" } },
        });
        assert.equal(answer.text, "It is sunny.");
      });
    }

    it("@google/genai: an image reaches the vendor", async () => {
      const data = Buffer.from("a picture").toString("base64");
      const inlineData = { mimeType: "image/png", data };
      const answer = await client.models.generateContent({
        model: MODEL,
        contents: [{ role: "user", parts: [{ text: "look" }, { inlineData }] }],
      });
      assert.equal(answer.text, ANSWER);
      assert.ok(vendor.requests.at(-1).body.includes(data));
    });

    it("@google/genai: errors are those of the library", async () => {
      const contents = [{ role: "model", parts: [{ inlineData: { mimeType: "x/y", data: "" } }] }];
      const isGoogles = ["gemini", "vertex"].includes(type);
      // At Google's by the vendor, elsewhere by the gateway.
      const config = isGoogles ? {} : { cachedContent: "cachedContents/x" };
      const wish = { model: MODEL, contents, config };
      for (const call of ["generateContent", "generateContentStream"]) {
        await assert.rejects(client.models[call](wish), (error) => {
          assert.equal(error.status, 400);
          assert.equal(JSON.parse(error.message).error.status, "INVALID_ARGUMENT");
          return true;
        });
      }
      assert.doesNotMatch(gateway.log, /key-1/);
    });

    it("@google/genai: tokens are counted", async () => {
      if (["gemini", "vertex"].includes(type)) return;
      const { totalTokens } = await client.models.countTokens({ model: MODEL, contents: "hi" });
      assert.ok(totalTokens > 0);
    });

    it("google-genai for Python, as for the Gemini API and as for Vertex AI", async () => {
      const script = join(ROOT, "tests/e2e/google_client.py");
      const python = spawn(venvBinary("gemini", "python"), [script, gateway.url, ANSWER]);
      let output = "";
      for (const pipe of [python.stdout, python.stderr])
        pipe.on("data", (data) => (output += data));
      const [status] = await once(python, "close");
      assert.equal(status, 0, output);
    });
  });
}

describe("Google's library and a list of models", { skip: fault }, () => {
  for (const apiVersion of ["v1beta", "v1"]) {
    it(`lists those of OpenAI's service, and gets one, below /${apiVersion}`, async (t) => {
      const asked = [];
      const vendor = createServer((request, response) => {
        asked.push(request.url);
        response.writeHead(200, { "content-type": "application/json" });
        response.end('{"object":"list","data":[{"id":"gpt-5","object":"model"},{"id":"o3"}]}');
      });
      const port = await listen(vendor);
      t.after(() => close(vendor));
      const provider = { type: "openai", openaiCustomUrl: `llm:${port}/v1`, apiTokens: ["key-1"] };
      const gateway = await Gateway.start({
        upstreamPort: port,
        proxy: { provider },
        change: (envoy) => setCluster(envoy, "llm", "127.0.0.1", port),
      });
      t.after(() => gateway.stop());
      const { GoogleGenAI } = createRequire(join(folder, "package.json"))("@google/genai");
      const httpOptions = { baseUrl: gateway.url, apiVersion };
      const client = new GoogleGenAI({ apiKey: "client", httpOptions });
      const names = [];
      for await (const { name } of await client.models.list()) names.push(name);
      assert.deepEqual(names, ["models/gpt-5", "models/o3"]);
      const one = await client.models.get({ model: "o3" });
      assert.equal(one.name, "models/o3");
      await assert.rejects(client.models.get({ model: "o4" }), ({ status }) => status === 404);
      assert.deepEqual(asked, Array(3).fill("/v1/models"));
    });
  }
});

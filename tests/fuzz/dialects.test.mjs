/**
 * Vendors' own protocols with mutated requests and answers: nothing traps, what goes upstream is JSON,
 * and what reaches a client is a stream of its protocol that ends, if only with an error.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import { awsMessage } from "../fixtures/aws-event-stream.mjs";
import { chatBody, exchange, plugin } from "../module/support.mjs";
import { CLIENTS } from "../worst/bodies.mjs";
import { STREAM_CHECKS } from "./judges.mjs";
import { misplace, mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
const SEED = Number(process.env.FUZZ_SEED || 1);
const FOLDER = join(ROOT, "tests/fixtures/dialects");

/** Frames in another order, left out, repeated, or with bytes changed. */
function disturb(random, bytes, isBinary) {
  if (isBinary || random.chance(0.4)) return mutate(random, bytes);
  const frames = bytes.toString("utf8").split(/(?<=\r?\n\r?\n)/);
  for (let i = random.below(4); i >= 0; i--) {
    const at = random.below(frames.length);
    const other = random.below(frames.length);
    if (random.chance(0.3)) frames.splice(at, 1);
    else if (random.chance(0.5)) frames.splice(other, 0, frames[at]);
    else [frames[at], frames[other]] = [frames[other], frames[at]];
    if (frames.length === 0) break;
  }
  const all = Buffer.from(frames.join(""));
  return random.chance(0.3) ? mutate(random, all) : all;
}

function pieces(random, bytes) {
  const chunks = [];
  const step = random.pick([1, 7, 100, 100_000]);
  for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
  return chunks;
}

for (const file of readdirSync(FOLDER)) {
  const { default: fixture } = await import(join(FOLDER, file));
  const name = file.replace(".mjs", "");
  const type = fixture.type ?? name;

  describe(`fuzzing ${name} for ${SECONDS} s each from seed ${SEED}`, () => {
    const proxy = plugin("ai-proxy", {
      provider: {
        type,
        apiTokens: ["k"],
        ...fixture.config,
      },
    });
    const run = (what, step) =>
      it(what, (test) => {
        const end = Date.now() + SECONDS * 1000;
        let seed = SEED;
        for (; Date.now() < end || seed < SEED + 200; seed++) {
          try {
            step(new Random(seed));
          } catch (error) {
            error.message = `FUZZ_SEED=${seed}: ${error.message}`;
            throw error;
          }
        }
        test.diagnostic(`${name}, ${what}: ${seed - SEED} inputs`);
      });
    const clients = {
      openai: (stream) => ({ body: chatBody("hi", { stream }) }),
      anthropic: (stream) => ({
        path: "/v1/messages",
        body: JSON.stringify({
          model: "m",
          max_tokens: 9,
          stream,
          messages: [{ role: "user", content: "hi" }],
        }),
      }),
      responses: (stream) => ({
        path: "/v1/responses",
        body: JSON.stringify({ model: "m", stream, input: "hi" }),
      }),
      google: (stream) => ({
        path: `/v1beta/models/m:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
        body: JSON.stringify({ contents: [{ parts: [{ text: "hi" }] }] }),
      }),
    };
    const { apis } = providerTable().types.find((row) => row.name === type);
    const NATIVE = { anthropic: "anthropic/v1/messages", responses: "openai/v1/responses" };
    const isGoogles = ["gemini", "vertex"].includes(type);
    const others = Object.keys(clients)
      .filter((client) => !apis.includes(NATIVE[client]))
      .filter((client) => client !== "google" || !isGoogles);

    run("answers", (random) => {
      const streams = Object.values(fixture.streams);
      const all = Object.values(fixture.wholes);
      const wholes = all.length > 0 ? all : fixture.errorsInside;
      const isStream = streams.length > 0 && random.chance(0.7);
      const asksStream = random.chance(0.85) ? isStream : !isStream;
      const client = random.pick(others);
      const encoding = fixture.streamType ? "latin1" : "utf8";
      const good = isStream
        ? Buffer.from(random.pick(streams)[0], encoding)
        : Buffer.from(JSON.stringify(random.pick(wholes)[0]));
      const answer = disturb(random, good, !isStream || fixture.streamType !== undefined);
      const usual = fixture.streamType ?? "text/event-stream";
      const upstream = () => ({
        headers: { "content-type": isStream ? usual : "application/json" },
        chunks: pieces(random, answer),
      });
      const stream = exchange([proxy], clients[client](asksStream), upstream);
      const type = stream.received.headers.get("content-type");
      if (answer.length === 0 || type !== "text/event-stream") {
        if (stream.text) JSON.parse(stream.text);
      } else STREAM_CHECKS[client](stream.text);
    });

    run("requests", (random) => {
      const client = random.pick(Object.keys(CLIENTS));
      const { path, streamPath, rich, plain } = CLIENTS[client];
      const good =
        client === "openai" && random.chance(0.8)
          ? random.pick(Object.values(fixture.requests))[0]
          : random.pick([rich, rich, plain]);
      const isMutated = random.chance(0.5);
      const body = isMutated
        ? mutate(random, Buffer.from(JSON.stringify(good)))
        : Buffer.from(JSON.stringify(misplace(random, good)));
      let sent = null;
      const upstream = (request) => {
        sent = request.body;
        return { headers: { "content-type": "application/json" }, chunks: ["{}"] };
      };
      const asked = { path: streamPath && random.chance(0.5) ? streamPath : path, body };
      const stream = exchange([proxy], asked, upstream);
      if (sent === null) assert.equal(stream.received.status, 400);
      else JSON.parse(sent);
    });
  });
}

describe(`fuzzing InvokeModel for ${SECONDS} s from seed ${SEED}`, () => {
  const proxy = plugin("ai-proxy", {
    provider: {
      type: "bedrock",
      awsRegion: "us-east-1",
      apiTokens: ["k"],
      capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" },
    },
  });
  const frame = (data) =>
    awsMessage(
      [
        [":event-type", "chunk"],
        [":message-type", "event"],
      ],
      { bytes: Buffer.from(data).toString("base64"), p: "abc" },
    );
  const frames = [
    '{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":6}}}',
    '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\u00fc 你好"}}',
    '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":20}}',
    '{"type":"message_stop"}',
  ].map(frame);

  it("streams and requests", (test) => {
    const end = Date.now() + SECONDS * 1000;
    let seed = SEED;
    for (; Date.now() < end || seed < SEED + 200; seed++) {
      const random = new Random(seed);
      const isRequest = random.chance(0.3);
      const good = Buffer.from(JSON.stringify({ ...CLIENTS.anthropic.rich, stream: true }));
      const body = isRequest ? mutate(random, good) : good;
      const answer = isRequest ? Buffer.concat(frames) : mutate(random, Buffer.concat(frames));
      let sent = null;
      const upstream = (request) => {
        sent = request.body;
        const type = "application/vnd.amazon.eventstream";
        return { headers: { "content-type": type }, chunks: pieces(random, answer) };
      };
      const { path } = CLIENTS.anthropic;
      try {
        const { text } = exchange([proxy], { path, body }, upstream);
        if (sent !== null) JSON.parse(sent);
        if (!isRequest) assert.match(text, /^(event: |\{"type":"error")|^$/);
      } catch (error) {
        error.message = `FUZZ_SEED=${seed}: ${error.message}`;
        throw error;
      }
    }
    test.diagnostic(`InvokeModel: ${seed - SEED} inputs`);
  });
});

describe("requests of other protocols in OpenAI's form", () => {
  const check = (path, good) => {
    const proxy = plugin("ai-proxy", {
      provider: {
        type: "openai",
        apiTokens: ["k"],
        openaiCustomUrl: "llm/v1",
        responsesAsChat: true,
      },
    });
    const end = Date.now() + SECONDS * 1000;
    for (let seed = SEED; Date.now() < end || seed < SEED + 200; seed++) {
      const body = mutate(new Random(seed), Buffer.from(JSON.stringify(good)));
      let sent = null;
      const upstream = (request) => {
        sent = request.body;
        return { headers: { "content-type": "application/json" }, chunks: ["{}"] };
      };
      const stream = exchange([proxy], { path, body }, upstream);
      if (sent === null) assert.equal(stream.received.status, 400, `FUZZ_SEED=${seed}`);
      else JSON.parse(sent);
    }
  };

  it("Google's", () => {
    check("/v1beta/models/m:generateContent", {
      systemInstruction: { parts: [{ text: "S" }] },
      tools: [{ functionDeclarations: [{ name: "f", parameters: { type: "OBJECT" } }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
      generationConfig: {
        responseSchema: { type: "STRING", nullable: true },
        responseMimeType: "application/json",
        thinkingConfig: { thinkingBudget: 5000 },
      },
      contents: [
        { parts: [{ text: "U" }, { inlineData: { mimeType: "image/png", data: "QQ==" } }] },
        {
          role: "model",
          parts: [
            { text: "t", thought: true, thoughtSignature: "cw==" },
            { functionCall: { name: "f", args: { a: 1 } } },
          ],
        },
        { role: "user", parts: [{ functionResponse: { name: "f", response: { output: "R" } } }] },
      ],
    });
  });

  it("mutated ones of Anthropic's become JSON or are refused", () => {
    check("/v1/messages", {
      model: "m",
      max_tokens: 5,
      system: [{ type: "text", text: "x-anthropic-billing-header: a; cch=1; b" }],
      tools: [{ name: "f", input_schema: {} }],
      tool_choice: { type: "tool", name: "f" },
      thinking: { type: "enabled", budget_tokens: 5000 },
      messages: [
        { role: "user", content: "U" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "t" },
            { type: "tool_use", id: "t", name: "f", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "R" }] },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ" } },
          ],
        },
      ],
    });
  });

  it("mutated ones of the Responses API become JSON or are refused", () => {
    const image = { type: "input_image", image_url: "data:image/png;base64,QQ" };
    check("/v1/responses", {
      model: "m",
      instructions: "I",
      max_output_tokens: 5,
      tools: [{ type: "function", name: "f", parameters: {} }],
      tool_choice: { type: "function", name: "f" },
      reasoning: { effort: "low" },
      text: { format: { type: "json_schema", name: "n", schema: {} } },
      input: [
        { role: "user", content: [{ type: "input_text", text: "U" }, image] },
        {
          type: "reasoning",
          content: [{ type: "reasoning_text", text: "t" }],
          encrypted_content: "s",
        },
        { role: "assistant", content: [{ type: "output_text", text: "A" }] },
        { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c", output: [image] },
      ],
    });
  });
});

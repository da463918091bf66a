/** Pictures in results of tools and in answers. Sources: Google's documents on function calling and on image models, Cohere's on tool results. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, eventData, exchange, jsonUpstream, plugin } from "./support.mjs";

const url = "data:image/png;base64,QUJD";
const image = { type: "image_url", image_url: { url } };
const call = (id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
const history = [
  { role: "user", content: "go" },
  { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
  { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "t" }, image] },
  { role: "tool", tool_call_id: "b", content: "plain" },
];
const ask = (provider, body, upstream) =>
  exchange(
    [plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } })],
    { body: JSON.stringify(body) },
    upstream,
  );

describe("pictures in results of tools", () => {
  it("follow all results at Gemini", () => {
    const upstream = jsonUpstream({});
    ask({ type: "gemini" }, { model: "gemini-2.5-pro", messages: history }, upstream);
    const { parts } = JSON.parse(upstream.requests[0].body).contents.at(-1);
    assert.deepEqual(
      parts.map((part) => part.functionResponse?.response ?? part.inlineData),
      [{ output: "t" }, { output: "plain" }, { mimeType: "image/png", data: "QUJD" }],
    );
  });

  it("are left out with a word at Cohere, and refused by a strict translation", () => {
    const upstream = jsonUpstream({});
    const body = { model: "command-a", messages: history };
    ask({ type: "cohere" }, body, upstream);
    const [, , first] = JSON.parse(upstream.requests[0].body).messages;
    assert.match(first.content, /^t\[left out: /);
    const strict = ask({ type: "cohere", strictTranslation: true }, body, jsonUpstream({}));
    assert.equal(strict.received.status, 400);
  });
});

// AWS' API reference, ImageBlock; NousResearch/hermes-agent#55429: `jpg` and another format's bytes are refused
// with an error of validation; Anthropic's API refuses the latter, too (ziatdinovmax/SciLink#382)
describe("formats of pictures", () => {
  const BYTES = {
    png: "iVBORw0KGgoAAAANSUhEUg==",
    jpeg: "/9j/4AAQSkZJRg==",
    gif: "R0lGODlhAQABAAAAACw=",
    webp: "UklGRiQAAABXRUJQVlA4IA==",
  };
  const partsOf = (provider, model, address) => {
    const upstream = jsonUpstream({});
    const content = [{ type: "image_url", image_url: { url: address } }];
    const stream = ask(provider, { model, messages: [{ role: "user", content }] }, upstream);
    assert.equal(upstream.requests.length, 1, stream.text);
    return JSON.parse(upstream.requests[0].body).messages[0].content[0];
  };
  const bedrock = (address) =>
    partsOf({ type: "bedrock", awsRegion: "us-east-1" }, "amazon.nova-pro-v1:0", address).image
      .format;
  const claude = (address) =>
    partsOf({ type: "claude" }, "claude-opus-4-6", address).source.media_type;

  it("are those of their bytes, whatever is declared", () => {
    for (const [format, data] of Object.entries(BYTES)) {
      for (const type of ["image/png", "image/jpg", "image/webp", "image/bmp"]) {
        assert.equal(bedrock(`data:${type};base64,${data}`), format);
        assert.equal(claude(`data:${type};base64,${data}`), `image/${format}`);
      }
    }
  });

  it("are those declared where the bytes say nothing, and JPEG has one name", () => {
    for (const [type, format] of [
      ["image/gif", "gif"],
      ["image/jpg", "jpeg"],
      ["image/JPG", "jpeg"],
    ]) {
      assert.equal(bedrock(`data:${type};base64,QUJD`), format);
      assert.equal(claude(`data:${type};base64,QUJD`), `image/${format}`);
    }
  });

  it("of addresses in S3 are those of their ends", () => {
    for (const [end, format] of [
      ["a.png", "png"],
      ["a.JPG", "jpeg"],
      ["a.b/c.jpeg", "jpeg"],
      ["a.gif", "gif"],
      ["a.webp", "webp"],
      ["a", "png"],
    ])
      assert.equal(bedrock(`s3://bucket/${end}`), format);
  });
});

describe("pictures in answers", () => {
  const parts = [{ text: "here" }, { inlineData: { mimeType: "image/png", data: "QUJD" } }];
  const answer = {
    candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
    responseId: "r",
  };

  it("of Gemini's reach clients of OpenAI's protocol, buffered and streamed", () => {
    const whole = ask({ type: "gemini" }, JSON.parse(chatBody()), jsonUpstream(answer));
    const [{ message }] = whole.json.choices;
    assert.equal(message.content, "here");
    assert.deepEqual(
      message.images.map((each) => each.image_url.url),
      [url],
    );
    const upstream = () => ({
      headers: { "content-type": "text/event-stream" },
      chunks: [`data: ${JSON.stringify(answer)}\n\n`],
    });
    const { text } = ask(
      { type: "gemini" },
      JSON.parse(chatBody("hi", { stream: true })),
      upstream,
    );
    const images = eventData(text).flatMap((event) => event.choices?.[0]?.delta.images ?? []);
    assert.deepEqual(
      images.map((each) => each.image_url.url),
      [url],
    );
  });

  it("become a word for clients that have none", () => {
    const body = JSON.stringify({
      model: "m",
      max_tokens: 9,
      messages: [{ role: "user", content: "x" }],
    });
    const stream = exchange(
      [plugin("ai-proxy", { provider: { type: "gemini", apiTokens: ["k"] } })],
      { path: "/v1/messages", body },
      jsonUpstream(answer),
    );
    assert.match(stream.json.content[0].text, /^here\[an image that cannot be shown/);
  });
});

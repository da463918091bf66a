/** One stream of very many events, translated for each kind of client: nothing is lost, memory stays. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ofAnthropicEvents, ofOpenAiEvents, ofResponsesEvents } from "../module/answers.mjs";
import { chatBody, completionEvents, exchange, plugin } from "../module/support.mjs";

const EVENTS = Number(process.env.SOAK_EVENTS || 100_000);
/** Bytes that a VM may take for such a stream; a client's last event may repeat the text. */
const MEMORY = 32 << 20;
const WORD = "word ";

const event = (type, members) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;

/** The events of an answer of as many words, by the vendor's protocol. */
const VENDORS = {
  stepfun: () => completionEvents(Array(EVENTS).fill(WORD)),
  claude: () => [
    event("message_start", { message: { id: "m", model: "c", usage: { input_tokens: 1 } } }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...Array(EVENTS).fill(
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: WORD } }),
    ),
    event("content_block_stop", { index: 0 }),
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }),
    event("message_stop", {}),
  ],
};

const CLIENTS = {
  openai: [{ body: chatBody("hi", { stream: true }) }, ofOpenAiEvents],
  anthropic: [
    {
      path: "/v1/messages",
      body: JSON.stringify({
        model: "m",
        max_tokens: 9,
        stream: true,
        messages: [{ role: "user", content: "hi" }],
      }),
    },
    ofAnthropicEvents,
  ],
  responses: [
    { path: "/v1/responses", body: JSON.stringify({ model: "m", stream: true, input: "hi" }) },
    ofResponsesEvents,
  ],
};

describe(`a stream of ${EVENTS} events`, () => {
  for (const [type, events] of Object.entries(VENDORS)) {
    const text = events().join("");
    const chunks = [];
    for (let at = 0; at < text.length; at += 4099) chunks.push(text.slice(at, at + 4099));
    for (const [client, [request, read]] of Object.entries(CLIENTS)) {
      if (type === "claude" && client === "anthropic") continue;
      it(`from ${type} to a client of ${client} arrives whole`, () => {
        const proxy = plugin("ai-proxy", { provider: { type, apiTokens: ["k"] } });
        const upstream = () => ({ headers: { "content-type": "text/event-stream" }, chunks });
        const stream = exchange([proxy], request, upstream);
        const told = read(stream.text);
        assert.equal(told.text.length, EVENTS * WORD.length);
        assert.equal(told.finish, "stop");
        assert.ok(proxy.vm.memoryBytes <= MEMORY, `${proxy.vm.memoryBytes} bytes`);
      });
    }
  }
});

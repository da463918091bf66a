import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { HeaderSnapshot } from "../../../assembly/proxy-wasm/header-map";
import { ClientProtocol } from "../../../assembly/protocol/base/client-protocol";
import { PROTOCOLS, protocolOf } from "../../../assembly/protocol/registry";
import { JsonDocument } from "../../../assembly/json/document";

const CHAT = "OpenAiChat";
const MESSAGES = "AnthropicMessages";
const RESPONSES = "OpenAiResponses";

/** Headers as the host gives them: one field, or none. */
function headers(name: string = ""): HeaderSnapshot {
  const out = new ByteWriter(64).uint(name.length > 0 ? 1 : 0, 4);
  if (name.length == 0) return new HeaderSnapshot(out.toBytes());
  out
    .uint(<u64>name.length, 4)
    .uint(1, 4)
    .text(name)
    .byte(0)
    .text("x")
    .byte(0);
  return new HeaderSnapshot(out.toBytes());
}

function nameOf(path: string, header: string = ""): string {
  return named(protocolOf(Bytes.of(path), headers(header)));
}

/** By the one thing that distinguishes them without their classes: the endpoint for answers. */
function named(protocol: ClientProtocol): string {
  const api = protocol.endpoints[0].api;
  if (api == "openai/v1/chatcompletions") return CHAT;
  return api == "anthropic/v1/messages" ? MESSAGES : RESPONSES;
}

describe("the protocol of a request", () => {
  it("is told by the path, whatever stands in front", () => {
    expect(nameOf("/v1/chat/completions")).toBe(CHAT);
    expect(nameOf("/api/v3/chat/completions")).toBe(CHAT);
    expect(nameOf("/v1/messages")).toBe(MESSAGES);
    expect(nameOf("/anthropic/v1/messages")).toBe(MESSAGES);
    expect(nameOf("/v1/messages/count_tokens")).toBe(MESSAGES);
    expect(nameOf("/v1/messages/batches/b/results")).toBe(MESSAGES);
    expect(nameOf("/v1/responses")).toBe(RESPONSES);
    expect(nameOf("/openai/responses")).toBe(RESPONSES);
  });

  it("is not told by a part of a segment", () => {
    expect(nameOf("/v1/xmessages")).toBe(CHAT);
    expect(nameOf("/xv1/messages")).toBe(CHAT);
    expect(nameOf("/v1/messagesx")).toBe(CHAT);
    expect(nameOf("/v1/messages/")).toBe(CHAT);
    expect(nameOf("/xresponses")).toBe(CHAT);
  });

  it("is told by the headers only where the path says nothing", () => {
    expect(nameOf("/ask", "anthropic-version")).toBe(MESSAGES);
    expect(nameOf("/ask", "anthropic-beta")).toBe(CHAT);
    expect(nameOf("", "anthropic-version")).toBe(MESSAGES);
    expect(nameOf("/v1/chat/completions", "anthropic-version")).toBe(CHAT);
    expect(nameOf("/v1/responses", "anthropic-version")).toBe(RESPONSES);
  });
});

describe("each protocol", () => {
  it("knows its own errors again", () => {
    for (let i = 0; i < PROTOCOLS.length; i++) {
      const body = PROTOCOLS[i].errorBody(429, "slow_down", 'a "b"');
      const document = new JsonDocument();
      expect(document.parse(body)).toBe(true);
      expect(PROTOCOLS[i].isError(document)).toBe(true, body.toString());
      expect(PROTOCOLS[i].isAnswer(document)).toBe(false, body.toString());
    }
  });

  it("says an error in its own form", () => {
    expect(
      protocolOf(Bytes.of("/v1/messages"), headers()).errorBody(503, "x", "m").toString(),
    ).toBe('{"type":"error","error":{"type":"overloaded_error","message":"m"}}');
  });

  it("has paths whose answers are cached, and which are its own", () => {
    for (let i = 0; i < PROTOCOLS.length; i++) {
      const paths = PROTOCOLS[i].cachedPaths;
      expect(paths.length).toBeGreaterThan(0);
      for (let j = 0; j < paths.length; j++) {
        // Some are ends of paths that name the model.
        const path = paths[j].startsWith(":") ? "/v1beta/models/m" + paths[j] : paths[j];
        expect(named(protocolOf(Bytes.of(path), headers()))).toBe(named(PROTOCOLS[i]), path);
      }
    }
  });
});

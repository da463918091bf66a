import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { NEUTRAL } from "../../../../assembly/protocol/registry";
import { JsonDocument } from "../../../../assembly/json/document";

describe("requests", () => {
  it("reads a chat request", () => {
    const document = new JsonDocument();
    const request = NEUTRAL.readRequest(
      Bytes.of(
        '{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}',
      ),
      document,
      Bytes.empty(),
    );
    expect(request !== null).toBe(true);
    if (request === null) return;
    expect(request.stream).toBe(true);
    expect(request.includeUsage).toBe(true);
    expect(request.singleChoice).toBe(true);
    expect(request.model.toString()).toBe("m");
    const question = request.lastQuestion();
    expect(question !== null).toBe(true);
    if (question !== null) expect(question.text().toString()).toBe("a\nb");
  });

  it("refuses what is no chat request", () => {
    const bodies = [
      "{}",
      "[]",
      "3",
      '{"model":1,"messages":[{"role":"user"}]}',
      '{"model":"m"}',
      '{"model":"m","messages":[]}',
      '{"model":"m","messages":{}}',
      '{"model":"m","messages":["x"]}',
      '{"model":"m","messages":[{"role":1}]}',
      '{"model":"m","messages":[{"content":"x"}]}',
    ];
    for (let i = 0; i < bodies.length; i++) {
      expect(
        NEUTRAL.readRequest(Bytes.of(bodies[i]), new JsonDocument(), Bytes.empty()) === null,
      ).toBe(true, bodies[i]);
    }
  });

  it("has a question only in a last user turn of text", () => {
    const turns = [
      '{"role":"assistant","content":"x"}',
      '{"role":"tool","content":"x"}',
      '{"role":"user","content":[]}',
      '{"role":"user","content":null}',
      '{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]}',
      '{"role":"user","content":[{"type":"text","text":1}]}',
    ];
    for (let i = 0; i < turns.length; i++) {
      const request = NEUTRAL.readRequest(
        Bytes.of('{"model":"m","messages":[{"role":"user","content":"q"},' + turns[i] + "]}"),
        new JsonDocument(),
        Bytes.empty(),
      );
      expect(request !== null && request.lastQuestion() === null).toBe(true, turns[i]);
    }
  });
});

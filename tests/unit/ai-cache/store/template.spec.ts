import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import {
  DEFAULT_TEMPLATE,
  fillTemplate,
  hasPlaceholder,
} from "../../../../assembly/ai-cache/store/template";

describe("templates", () => {
  it("are filled as JSON", () => {
    expect(
      fillTemplate(
        Bytes.of('{"c":"%s","p":"100%%","q":"5% x","r":"%s"}'),
        Bytes.of('a"b\n'),
      ).toString(),
    ).toBe('{"c":"a\\"b\\n","p":"100%","q":"5% x","r":"a\\"b\\n"}');
    expect(fillTemplate(Bytes.of("%"), Bytes.of("x")).toString()).toBe("%");
    expect(fillTemplate(Bytes.of("%s"), Bytes.of("%s")).toString()).toBe("%s");
  });

  it("gives the Go plugin's reply byte for byte", () => {
    expect(fillTemplate(Bytes.of(DEFAULT_TEMPLATE), Bytes.of("Hi")).toString()).toBe(
      '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}',
    );
  });

  it("knows whether there is a place for the answer", () => {
    expect(hasPlaceholder(Bytes.of("a%s"))).toBe(true);
    expect(hasPlaceholder(Bytes.of("a%%s"))).toBe(false);
    expect(hasPlaceholder(Bytes.of("%"))).toBe(false);
  });
});

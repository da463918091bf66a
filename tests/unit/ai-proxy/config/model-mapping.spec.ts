import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ModelMapping } from "../../../../assembly/ai-proxy/config/model-mapping";
import { JsonDocument } from "../../../../assembly/json/document";
import { ConfigReader } from "../../../../assembly/rules/config-reader";
import { noVariables } from "../../../../assembly/rules/variables";
import { Diagnostics } from "../../../../assembly/rules/diagnostics";

function mapping(object: string): ModelMapping {
  const document = new JsonDocument();
  document.parse(Bytes.of(object));
  return ModelMapping.read(new ConfigReader(document, 0, "", new Diagnostics(), noVariables));
}

describe("modelMapping", () => {
  it("takes exact names before the longest prefix before patterns in order before *", () => {
    const map = mapping(
      '{"*":"any","~4":"four","gpt-*":"short","~turbo":"never","gpt-4*":"long","gpt-4o":"exact"}',
    );
    expect(map.map("gpt-4o")).toBe("exact");
    expect(map.map("gpt-4-turbo")).toBe("long");
    expect(map.map("gpt-3")).toBe("short");
    expect(map.map("o4-turbo")).toBe("ofour-turbo");
    expect(map.map("claude")).toBe("any");
  });

  it("replaces what a pattern finds and keeps the rest", () => {
    expect(mapping('{"~gpt-.*":"qwen-max"}').map("gpt-4o")).toBe("qwen-max");
    expect(mapping('{"~^gpt-(.*)":"azure/$1"}').map("gpt-4o")).toBe("azure/4o");
    expect(mapping('{"~(?P<v>[0-9]+)":"<${v}>"}').map("a1b22")).toBe("a<1>b<22>");
    expect(mapping('{"~^openai/":"$$"}').map("openai/gpt")).toBe("$gpt");
    expect(mapping('{"~^(?i)GPT$":"x"}').map("gpt")).toBe("x");
    expect(mapping('{"~^a":"x","*":"any"}').map("b")).toBe("any");
  });

  it("keeps the model for an empty value", () => {
    const map = mapping('{"keep":"","pre*":"","~pat":"","*":"any"}');
    expect(map.map("keep")).toBe("keep");
    expect(map.map("prefix")).toBe("prefix");
    expect(map.map("a-pattern")).toBe("a-pattern");
    expect(map.map("other")).toBe("any");
  });

  it("leaves a name of absurd length alone", () => {
    const map = mapping('{"~a+":"b","*":"c"}');
    expect(map.mapBytes(Bytes.of("a".repeat(2000))) === null).toBe(true);
  });
});

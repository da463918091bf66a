import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument } from "../../../assembly/json/document";
import { JsonPath } from "../../../assembly/json/path";

const CHAT =
  '{"messages":[{"role":"user","content":"first"},{"role":"user","content":"la\\"st"}],"a.b":{"1":"one"},"n":null,"x":[1,[2,3]]}';

function parse(text: string): JsonDocument {
  const document = new JsonDocument();
  document.parse(Bytes.of(text));
  return document;
}

function find(text: string, path: string): string {
  const compiled = JsonPath.compile(Bytes.of(path));
  if (compiled === null) return "no path";
  const found = compiled.find(parse(text));
  return found === null ? "nothing" : found.text.toString();
}

describe("paths", () => {
  it("finds what GJSON finds", () => {
    expect(find(CHAT, "messages.@reverse.0.content")).toBe('la"st');
    expect(find(CHAT, "messages.0.content")).toBe("first");
    expect(find(CHAT, "messages.#")).toBe("2");
    expect(find(CHAT, "messages.#.content")).toBe('["first","la\\"st"]');
    expect(find(CHAT, "messages|1|role")).toBe("user");
    expect(find(CHAT, "a\\.b.1")).toBe("one");
    expect(find(CHAT, "@this.x.1.0")).toBe("2");
    expect(find(CHAT, "x.@reverse")).toBe("[[2,3],1]");
    expect(find(CHAT, "x")).toBe("[1,[2,3]]");
    expect(find(CHAT, "n")).toBe("");
  });

  it("finds nothing where there is nothing", () => {
    expect(find(CHAT, "messages.2.content")).toBe("nothing");
    expect(find(CHAT, "messages.content")).toBe("nothing");
    expect(find(CHAT, "messages.-1")).toBe("nothing");
    expect(find(CHAT, "messages.0.content.x")).toBe("nothing");
    expect(find("3", "a")).toBe("nothing");
  });

  it("refuses what is no path", () => {
    expect(find(CHAT, "")).toBe("no path");
    expect(find(CHAT, "a..b")).toBe("no path");
    expect(find(CHAT, "a.")).toBe("no path");
    expect(find(CHAT, "@pretty")).toBe("no path");
    expect(find(CHAT, "a.".repeat(40) + "a")).toBe("no path");
  });
});

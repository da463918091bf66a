import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import {
  encodeSegment,
  hasPathPrefix,
  hostOf,
  parameterOf,
  pathOf,
  queryOf,
  splitUrl,
} from "../../../assembly/http/url";

function valueOf(query: Bytes, name: string): string {
  const value = parameterOf(query, Bytes.of(name));
  return value === null ? "none" : value.toString();
}

describe("URLs", () => {
  it("takes them apart", () => {
    expect(pathOf(Bytes.of("/a?b=c?d")).toString()).toBe("/a");
    expect(queryOf(Bytes.of("/a?b=c")).toString()).toBe("?b=c");
    expect(queryOf(Bytes.of("/a")).length).toBe(0);
    expect(hostOf(Bytes.of("h:80")).toString()).toBe("h");
    expect(hostOf(Bytes.of("[::1]:80")).toString()).toBe("[::1]");
    expect(hostOf(Bytes.of("[::1]")).toString()).toBe("[::1]");
    const parts = splitUrl(Bytes.of("HTTPS://h:1/p/q?r"));
    expect(parts.authority.toString()).toBe("h:1");
    expect(parts.target.toString()).toBe("/p/q?r");
    expect(splitUrl(Bytes.of("h")).target.length).toBe(0);
  });

  it("finds the last parameter of a name, as it is written", () => {
    const query = Bytes.of("?a=1&b=%20&ab=2&c=d=e&b=3&f&g=");
    expect(valueOf(query, "a")).toBe("1");
    expect(valueOf(query, "b")).toBe("3");
    expect(valueOf(query, "c")).toBe("d=e");
    expect(valueOf(query, "g")).toBe("");
    expect(valueOf(query, "f")).toBe("none");
    expect(valueOf(query, "d")).toBe("none");
    expect(valueOf(Bytes.of("?f&b=1"), "f")).toBe("none");
    expect(valueOf(Bytes.empty(), "a")).toBe("none");
  });

  it("respects segments in prefixes", () => {
    expect(hasPathPrefix(Bytes.of("/api/x"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api?x"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api/x"), Bytes.of("/api/"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/apix"), Bytes.of("/api"))).toBe(false);
  });

  it("encodes what is reserved in segments", () => {
    const plain = Bytes.of("azAZ09-._~");
    expect(encodeSegment(plain) === plain).toBe(true);
    expect(encodeSegment(Bytes.empty()).length).toBe(0);
    expect(encodeSegment(Bytes.of("a:b/c@d%e")).toString()).toBe("a%3Ab%2Fc%40d%25e");
    expect(encodeSegment(Bytes.of("\u00e9 x")).toString()).toBe("%C3%A9%20x");
  });
});

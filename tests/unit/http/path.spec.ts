import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { decodeOnce, holdsDots, RequestPath } from "../../../assembly/http/path";

function plain(path: string): string {
  const read = RequestPath.read(Bytes.of(path));
  return read === null ? "refused" : read.plain.toString();
}

function sent(path: string): string {
  const read = RequestPath.read(Bytes.of(path));
  return read === null ? "refused" : read.sent.toString();
}

describe("a request's path in normal form", () => {
  it("resolves empty and dot segments (RFC 3986, 5.2.4), also those that are escaped", () => {
    expect(plain("//a/./b//../c/")).toBe("/a/c");
    expect(plain("/a/%2e%2E/b")).toBe("/b");
    expect(plain("/../..")).toBe("/");
    expect(plain("")).toBe("/");
    expect(sent("/a/%2e/b/")).toBe("/a/b/");
    expect(sent("/a/..")).toBe("/");
  });

  it("decodes escapes once for comparisons, and sends them as the client wrote them", () => {
    expect(plain("/v1/%63hat")).toBe("/v1/chat");
    expect(plain("/a%2fb")).toBe("/a/b");
    expect(plain("/a%252fb")).toBe("/a%2fb");
    expect(sent("/v1/%63hat/a%2fb")).toBe("/v1/%63hat/a%2fb");
  });

  it("refuses what servers interpret differently", () => {
    const paths = [
      "/a%",
      "/a%2",
      "/a%gg",
      "/a%00b",
      "/a%0d%0a",
      "/a%7f",
      "/a%2f..",
      "/a/..;x/b",
      "/%2e%2e%2fb",
    ];
    for (let i = 0; i < paths.length; i++) expect(plain(paths[i])).toBe("refused", paths[i]);
  });

  it("does not mistake other paths for the one before", () => {
    expect(plain("/v1/models")).toBe("/v1/models");
    expect(plain("/v1/model")).toBe("/v1/model");
    expect(plain("/v1/models%")).toBe("refused");
    expect(plain("/v1/models")).toBe("/v1/models");
  });
});

describe("segments", () => {
  it("have dots behind either slash and before a semicolon", () => {
    const found = [".", "..", "a/..", "..\\a", "..;x", "a/.;"];
    for (let i = 0; i < found.length; i++)
      expect(holdsDots(Bytes.of(found[i]))).toBe(true, found[i]);
    const none = ["", "...", "a..b", ".a", "a;..", "gpt-4.1"];
    for (let i = 0; i < none.length; i++) expect(holdsDots(Bytes.of(none[i]))).toBe(false, none[i]);
  });

  it("with invalid escapes have no decoded form", () => {
    expect(decodeOnce(Bytes.of("100%")) === null).toBe(true);
    expect(decodeOnce(Bytes.of("%e4%bd%a0"))!.toString()).toBe("你");
  });
});

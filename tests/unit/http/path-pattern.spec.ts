import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { PathPattern, PathSegments } from "../../../assembly/http/path-pattern";

function matches(pattern: string, path: string): bool {
  const bytes = Bytes.of(path);
  return new PathPattern(pattern).matchesEnd(bytes, new PathSegments().of(bytes));
}

describe("patterns of paths", () => {
  it("match whole segments at the end", () => {
    expect(matches("/chat/completions", "/v1/chat/completions")).toBe(true);
    expect(matches("/chat/completions", "/chat/completions")).toBe(true);
    expect(matches("/chat/completions", "/v1/my-chat/completions")).toBe(false);
    expect(matches("/chat/completions", "/v1/chat/completions/x")).toBe(false);
    expect(matches("/chat/completions", "completions")).toBe(false);
  });

  it("have asterisks for at least one byte of one segment", () => {
    expect(matches("/models/*:generateContent", "/v1beta/models/gemini:generateContent")).toBe(
      true,
    );
    expect(matches("/models/*:generateContent", "/v1beta/models/:generateContent")).toBe(false);
    expect(matches("/models/*", "/v1/models/")).toBe(false);
    expect(matches("/models/*", "/v1/models/a/b")).toBe(false);
  });

  it("are found behind any number of segments", () => {
    expect(matches("/a/b", "/x".repeat(100) + "/a/b")).toBe(true);
  });
});

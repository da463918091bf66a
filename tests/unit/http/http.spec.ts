import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { CacheControl } from "../../../assembly/http/cache-control";
import { isEventStreamType, isJsonType } from "../../../assembly/http/media-type";
import { SseHandler, SseParser } from "../../../assembly/http/sse";
import { hasPathPrefix, hostOf, pathOf, queryOf, splitUrl } from "../../../assembly/http/url";

class Recorder extends SseHandler {
  text: string = "";

  onEvent(type: Bytes, data: Bytes): void {
    this.text += "<" + type.toString() + "|" + data.toString() + ">";
  }
}

/** Reads a stream in two pieces, cut at `at`; a negative cut reads byte by byte. */
function read(stream: Bytes, at: i32): string {
  const parser = new SseParser(1000);
  const recorder = new Recorder();
  if (at < 0) {
    for (let i = 0; i < stream.length; i++) parser.push(stream.slice(i, i + 1), recorder);
  } else {
    parser.push(stream.slice(0, at), recorder);
    parser.push(stream.slice(at), recorder);
  }
  parser.end(recorder);
  return parser.overflow ? "overflow" : recorder.text;
}

function readAll(text: string): string {
  const stream = Bytes.of(text);
  const whole = read(stream, 0);
  for (let at = -1; at <= stream.length; at++)
    expect(read(stream, at)).toBe(whole, "cut at " + at.toString());
  return whole;
}

describe("server-sent events", () => {
  it("reads every line end, cut anywhere", () => {
    expect(readAll("data: a\n\ndata: b\n\n")).toBe("<|a><|b>");
    expect(readAll("data: a\r\n\r\ndata: b\r\n\r\n")).toBe("<|a><|b>");
    expect(readAll("data: a\r\rdata: b\r\r")).toBe("<|a><|b>");
    expect(readAll("data: 中😀\n\ndata: é\r\n\n")).toBe("<|中😀><|é>");
  });

  it("joins data lines, strips one space, keeps the type", () => {
    expect(readAll("event: x\ndata:a\ndata:  b\ndata\n\n")).toBe("<x|a\n b\n>");
    expect(readAll("event: x\ndata: a\n\ndata: b\n\n")).toBe("<x|a><|b>");
  });

  it("passes over comments, ids, unknown fields and events without data", () => {
    expect(readAll(": keep-alive\n\nid: 3\nretry: 5\ndata: a\n\nevent: y\n\n")).toBe("<|a>");
  });

  it("takes a last event without a blank line", () => {
    expect(readAll("data: a\n\ndata: [DONE]\n")).toBe("<|a><|[DONE]>");
    expect(readAll("data: a\n\ndata: [DONE]")).toBe("<|a><|[DONE]>");
  });

  it("passes over a byte order mark at the start only", () => {
    expect(readAll("\ufeffdata: a\n\n")).toBe("<|a>");
    expect(readAll("data: a\n\n\ufeffdata: b\n\n")).toBe("<|a>");
  });

  it("stops at an event that is too large", () => {
    for (let cut = -1; cut < 20; cut++) {
      expect(read(Bytes.of("data: " + "x".repeat(1001) + "\n\n"), cut * 50)).toBe("overflow");
      expect(read(Bytes.of("data: x\n".repeat(1000) + "\n"), cut * 50)).toBe("overflow");
    }
  });
});

describe("media types", () => {
  it("knows JSON and event streams", () => {
    expect(isJsonType(Bytes.of("application/json"))).toBe(true);
    expect(isJsonType(Bytes.of("Application/JSON; charset=utf-8"))).toBe(true);
    expect(isJsonType(Bytes.of("application/vnd.x+json"))).toBe(true);
    expect(isJsonType(Bytes.of("text/json"))).toBe(false);
    expect(isJsonType(Bytes.of("application/jsonl"))).toBe(false);
    expect(isJsonType(Bytes.empty())).toBe(false);
    expect(isEventStreamType(Bytes.of("text/event-stream;charset=utf-8"))).toBe(true);
    expect(isEventStreamType(Bytes.of("text/event-streams"))).toBe(false);
  });
});

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

  it("respects segments in prefixes", () => {
    expect(hasPathPrefix(Bytes.of("/api/x"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api?x"), Bytes.of("/api"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/api/x"), Bytes.of("/api/"))).toBe(true);
    expect(hasPathPrefix(Bytes.of("/apix"), Bytes.of("/api"))).toBe(false);
  });
});

describe("Cache-Control", () => {
  it("reads what it knows and ignores the rest", () => {
    const control = CacheControl.parse(
      Bytes.of(' No-Cache , max-age="60",foo=bar, only-if-cached,,private'),
    );
    expect(control.noCache).toBe(true);
    expect(control.noStore).toBe(false);
    expect(control.onlyIfCached).toBe(true);
    expect(control.isPrivate).toBe(true);
    expect(control.maxAge).toBe(60);
    expect(CacheControl.parse(Bytes.of("max-age=x,no-store")).maxAge).toBe(-1);
    expect(CacheControl.parse(Bytes.of("max-age=x,no-store")).noStore).toBe(true);
  });
});

import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { SseHandler, SseParser } from "../../../assembly/http/sse";

class Recorder implements SseHandler {
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

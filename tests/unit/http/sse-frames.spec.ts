import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { SseFrameHandler, SseFrames } from "../../../assembly/http/sse-frames";

class Collector implements SseFrameHandler {
  readonly frames: string[] = [];

  onFrame(frame: Bytes): void {
    this.frames.push(frame.toString());
  }
}

/** The frames of a stream that arrives in pieces of `size` bytes, with bars between them. */
function framesOf(stream: string, size: i32, limit: i32 = 1000): string {
  const bytes = Bytes.of(stream);
  const frames = new SseFrames(limit);
  const found = new Collector();
  for (let at = 0; at < bytes.length; at += size) frames.push(bytes.slice(at, at + size), found);
  frames.end(found);
  return found.frames.join("|");
}

describe("frames of server-sent events", () => {
  it("are the same however the stream is cut, with any line ends", () => {
    const streams = [
      "data: a\n\ndata: b\n\n",
      "data: a\r\n\r\ndata: b\r\n\r\n",
      "data: a\r\rdata: b\r\r",
    ];
    for (let i = 0; i < streams.length; i++) {
      const half = streams[i].length / 2;
      const expected = streams[i].slice(0, half) + "|" + streams[i].slice(half);
      for (let size = 1; size <= streams[i].length; size++) {
        expect(framesOf(streams[i], size)).toBe(expected, size.toString() + " of " + i.toString());
      }
    }
  });

  it("lose no byte at the end or above the limit", () => {
    expect(framesOf("data: a\n\ndata: unfinished", 3)).toBe("data: a\n\n|data: unfinished");
    expect(framesOf("data: 0123456789\n\ndata: b\n\n", 1, 8).replaceAll("|", "")).toBe(
      "data: 0123456789\n\ndata: b\n\n",
    );
  });
});

import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { isEventStreamType, isJsonType } from "../../../assembly/http/media-type";

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

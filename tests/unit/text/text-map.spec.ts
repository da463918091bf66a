import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { TextMap } from "../../../assembly/text/text-map";

describe("maps by text", () => {
  it("find what was put in, last value first", () => {
    const map = new TextMap<i32>();
    for (let i = 0; i < 1000; i++) map.set(Bytes.of("key" + i.toString()), i);
    map.set(Bytes.of("key7"), -7);
    expect(map.size).toBe(1000);
    expect(map.get(Bytes.of("key7"), 0)).toBe(-7);
    expect(map.get(Bytes.of("key999"), 0)).toBe(999);
    expect(map.get(Bytes.of("key1000"), -1)).toBe(-1);
    expect(map.has(Bytes.of("key0"))).toBe(true);
    expect(map.has(Bytes.of(""))).toBe(false);
    expect(map.keys()[999].toString()).toBe("key999");
  });
});

import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { Recent } from "../../../assembly/text/recent";

describe("Recent", () => {
  it("holds what was kept last, and nothing else", () => {
    const recent = new Recent<i32>(7);
    expect(recent.value).toBe(7);
    expect(recent.holds(Bytes.empty())).toBe(false);
    expect(recent.keep(Bytes.of("a"), 1)).toBe(1);
    expect(recent.holds(Bytes.of("a"))).toBe(true);
    expect(recent.value).toBe(1);
    expect(recent.holds(Bytes.of("b"))).toBe(false);
    recent.keep(Bytes.empty(), 3);
    expect(recent.holds(Bytes.empty())).toBe(true);
    expect(recent.value).toBe(3);
    expect(recent.holds(Bytes.of("a"))).toBe(true);
    expect(recent.value).toBe(1);
  });

  it("holds four, of which the oldest is replaced", () => {
    const recent = new Recent<i32>(0);
    for (let i = 1; i <= 10; i++) {
      expect(recent.keep(Bytes.of(i.toString()), i)).toBe(i);
      for (let j = 1; j <= i; j++) {
        expect(recent.holds(Bytes.of(j.toString()))).toBe(j > i - 4);
        if (j > i - 4) expect(recent.value).toBe(j);
      }
    }
  });
});

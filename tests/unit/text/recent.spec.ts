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
    recent.keep(Bytes.of("b"), 2);
    expect(recent.holds(Bytes.of("a"))).toBe(false);
    expect(recent.holds(Bytes.of("b"))).toBe(true);
    recent.keep(Bytes.empty(), 3);
    expect(recent.holds(Bytes.empty())).toBe(true);
  });
});

import { ByteBudget, ByteShare } from "../../../assembly/proxy-wasm/byte-budget";

describe("byte budget", () => {
  it("is never overdrawn", () => {
    const budget = new ByteBudget(10);
    const first = new ByteShare(budget);
    const second = new ByteShare(budget);
    expect(first.take(6)).toBe(true);
    expect(second.take(5)).toBe(false);
    expect(second.take(4)).toBe(true);
    expect(second.resize(5)).toBe(false);
    expect(second.resize(1)).toBe(true);
    expect(budget.inUse).toBe(7);
    first.release();
    first.release();
    expect(budget.inUse).toBe(1);
  });
});

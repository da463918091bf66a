import { ElementSet } from "../../../../assembly/ai-cache/life/element-set";

describe("two sets over one table", () => {
  it("counts what they share, and forgets all when it is cleared", () => {
    const set = new ElementSet(4);
    for (let round = 0; round < 3; round++) {
      set.clear();
      expect(set.similarity(100)).toBe(100);
      // All begin at the same place of the table.
      for (let i = 0; i < 6; i++) set.add(0, (<u64>i) << 32);
      expect(set.isFull(0)).toBe(true);
      set.add(1, 0);
      set.add(1, 0);
      set.add(1, (<u64>9) << 32);
      expect(set.own(0)).toBe(3);
      expect(set.own(1)).toBe(1);
      expect(set.similarity(100)).toBe(20);
    }
  });
});

import { HashTable } from "../../../../assembly/ai-cache/meaning/hash-table";

describe("the hash table", () => {
  test("counts keys and forgets them, however they collide", () => {
    const table = new HashTable();
    const model = new Map<u64, i32>();
    let state: u32 = 7;
    for (let round = 0; round < 40_000; round++) {
      state = state * 1664525 + 1013904223;
      const key = ((<u64>(state % 3000)) << 40) | (<u64>(state % 5));
      if ((state >> 16) % 3 != 0) {
        table.add(key, round);
        model.set(key, (model.has(key) ? model.get(key) : 0) + 1);
      } else if (model.has(key)) {
        table.take(key, round);
        const left = model.get(key) - 1;
        if (left == 0) model.delete(key);
        else model.set(key, left);
      }
    }
    expect(table.size).toBe(model.size);
    const keys = model.keys();
    for (let i = 0; i < keys.length; i++) {
      expect(table.count(table.find(keys[i]))).toBe(model.get(keys[i]));
    }
  });
});

describe("the hash table under attack", () => {
  test("spreads keys that were chosen to meet", () => {
    for (let shape = 0; shape < 4; shape++) {
      const table = new HashTable();
      for (let i: u64 = 1; i <= 8000; i++) {
        let key = i;
        if (shape == 1) key = (i << 32) | i;
        if (shape == 2) key = i << 20;
        if (shape == 3) key = i << 48;
        table.add(key, 1);
      }
      expect(table.size).toBe(8000);
      expect(table.longestProbe).toBeLessThan(100);
    }
  });
});

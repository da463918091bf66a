import { HashTable } from "../../../assembly/ai-cache/meaning/hash-table";
import { Candidates } from "../../../assembly/ai-cache/meaning/candidates";
import { Postings } from "../../../assembly/ai-cache/meaning/postings";

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

describe("postings", () => {
  test("list positions, newest first, and forget them", () => {
    const postings = new Postings(10, 3);
    for (let i = 0; i < 10; i++) {
      postings.add(i, 5);
      postings.add(i, <u64>(100 + i));
    }
    expect(postings.count(5)).toBe(10);
    expect(postings.positionOf(postings.first(5))).toBe(9);
    postings.remove(9);
    postings.remove(4);
    postings.remove(4);
    expect(postings.count(5)).toBe(8);
    expect(postings.count(104)).toBe(0);
    expect(postings.termCount).toBe(9);
    let node = postings.first(5);
    let seen = 0;
    for (; node >= 0; node = postings.after(node)) {
      expect(postings.positionOf(node)).not.toBe(4);
      seen++;
    }
    expect(seen).toBe(8);
  });

  test("take no more terms of a position than there is room for", () => {
    const postings = new Postings(2, 2);
    for (let term: u64 = 1; term <= 5; term++) postings.add(0, term);
    postings.add(1, 9);
    expect(postings.count(3)).toBe(0);
    expect(postings.positionOf(postings.first(9))).toBe(1);
  });
});

describe("candidates", () => {
  test("keep the best, each once", () => {
    const candidates = new Candidates(3);
    candidates.offer(1, 0.5);
    candidates.offer(2, 0.9);
    candidates.offer(1, 2);
    candidates.offer(3, 0.1);
    candidates.offer(4, 0.7);
    candidates.offer(5, 0.05);
    expect(candidates.length).toBe(3);
    expect(candidates.position(0)).toBe(2);
    expect(candidates.position(1)).toBe(4);
    expect(candidates.position(2)).toBe(1);
    candidates.rescore(2, 1);
    candidates.sort();
    expect(candidates.position(0)).toBe(1);
  });
});

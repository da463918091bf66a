import { Postings } from "../../../../assembly/ai-cache/meaning/postings";

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

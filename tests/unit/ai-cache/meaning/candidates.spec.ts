import { Candidates } from "../../../../assembly/ai-cache/meaning/candidates";

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

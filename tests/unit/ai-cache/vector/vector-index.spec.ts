import { VectorIndex } from "../../../../assembly/ai-cache/vector/vector-index";
import { randomValues, vectorOf } from "./vectors";

function exactCosine(a: StaticArray<f32>, b: StaticArray<f32>): f64 {
  let dot: f64 = 0;
  let squareA: f64 = 0;
  let squareB: f64 = 0;
  for (let i = 0; i < a.length; i++) {
    dot += <f64>a[i] * <f64>b[i];
    squareA += <f64>a[i] * <f64>a[i];
    squareB += <f64>b[i] * <f64>b[i];
  }
  return dot / Math.sqrt(squareA * squareB);
}

describe("the index of vectors", () => {
  test("finds the nearest ones of a partition, near their exact similarity", () => {
    const dimensions = 96;
    const index = new VectorIndex(1, dimensions, 300);
    const all: StaticArray<f32>[] = [];
    for (let i = 0; i < 300; i++) {
      all.push(randomValues(dimensions));
      expect(index.put(i, <u64>(i % 2), vectorOf(all[i]))).toBe(true);
    }
    const query = randomValues(dimensions);
    index.search(1, vectorOf(query), 5);
    expect(index.count).toBe(5);
    let better = 0;
    const last = exactCosine(query, all[index.found[4]]);
    for (let i = 1; i < 300; i += 2) {
      if (exactCosine(query, all[i]) > last + 0.01) better++;
    }
    expect(better).toBeLessThan(5);
    for (let i = 0; i < 5; i++) {
      expect(index.found[i] % 2).toBe(1);
      const exact = exactCosine(query, all[index.found[i]]);
      expect(Math.abs(<f64>index.similarity[i] - exact)).toBeLessThan(0.01);
      if (i > 0) expect(index.similarity[i]).toBeLessThanOrEqual(index.similarity[i - 1]);
    }
  });

  test("forgets what is removed and takes positions again", () => {
    const index = new VectorIndex(1, 16, 4);
    for (let i = 0; i < 4; i++) index.put(i, 1, vectorOf(randomValues(16)));
    const wanted = vectorOf(randomValues(16));
    index.put(2, 1, wanted);
    index.remove(0);
    index.remove(0);
    index.remove(3);
    expect(index.size).toBe(2);
    index.search(1, wanted, 8);
    expect(index.count).toBe(2);
    expect(index.found[0]).toBe(2);
    index.put(0, 2, wanted);
    index.search(2, wanted, 8);
    expect(index.count).toBe(1);
    expect(index.found[0]).toBe(0);
  });

  test("refuses vectors of another model, other sizes and places that do not exist", () => {
    const index = new VectorIndex(1, 16, 4);
    expect(index.put(0, 1, vectorOf(randomValues(16), 2))).toBe(false);
    expect(index.put(0, 1, vectorOf(randomValues(17)))).toBe(false);
    expect(index.put(4, 1, vectorOf(randomValues(16)))).toBe(false);
    expect(index.put(-1, 1, vectorOf(randomValues(16)))).toBe(false);
    index.put(0, 1, vectorOf(randomValues(16)));
    index.search(1, vectorOf(randomValues(16), 2), 5);
    expect(index.count).toBe(0);
  });
});

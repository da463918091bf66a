import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import {
  dotProduct,
  dotProductScalar,
  dotProductSimd,
} from "../../../assembly/ai-cache/vector/dot-product";
import { Vector } from "../../../assembly/ai-cache/vector/vector";
import { VectorIndex } from "../../../assembly/ai-cache/vector/vector-index";

let state: u32 = 1;

/** A repeatable number between −1 and 1. */
function random(): f32 {
  state = state * 1664525 + 1013904223;
  return <f32>(<i32>(state >> 8) - (1 << 23)) / <f32>(1 << 23);
}

function randomValues(dimensions: i32): StaticArray<f32> {
  const values = new StaticArray<f32>(dimensions);
  for (let i = 0; i < dimensions; i++) values[i] = random();
  return values;
}

function vectorOf(values: StaticArray<f32>, space: u64 = 1): Vector {
  const vector = Vector.of(space, values, values.length);
  assert(vector !== null, "a vector");
  return changetype<Vector>(vector);
}

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

describe("the inner product", () => {
  test("is the same in vector and in plain instructions", () => {
    for (let length = 0; length <= 512; length += 16) {
      const a = new ArrayBuffer(length);
      const b = new ArrayBuffer(length);
      for (let i = 0; i < length; i++) {
        store<i8>(changetype<usize>(a) + i, <i8>(random() * 127));
        store<i8>(changetype<usize>(b) + i, i % 7 == 0 ? -127 : <i8>(random() * 127));
      }
      const x = changetype<usize>(a);
      const y = changetype<usize>(b);
      expect(dotProductSimd(x, y, length)).toBe(dotProductScalar(x, y, length));
      expect(dotProduct(x, y, length)).toBe(dotProductScalar(x, y, length));
    }
  });

  test("does not overflow where all are extreme", () => {
    const a = new ArrayBuffer(8192);
    memory.fill(changetype<usize>(a), 0x81, 8192);
    const p = changetype<usize>(a);
    expect(dotProductSimd(p, p, 8192)).toBe(127 * 127 * 8192);
  });
});

describe("a vector", () => {
  test("survives being stored", () => {
    const vector = vectorOf(randomValues(100));
    const stored = vector.encode();
    const read = changetype<Vector>(Vector.decode(stored));
    expect(read.space).toBe(1);
    expect(read.dimensions).toBe(100);
    expect(read.cells.equals(vector.cells)).toBe(true);
    expect(read.inverseNorm).toBe(vector.inverseNorm);
  });

  test("is refused when it is empty, not finite or zero", () => {
    const values = randomValues(8);
    expect(Vector.of(1, values, 0) === null).toBe(true);
    expect(Vector.of(1, values, 9) === null).toBe(true);
    values[3] = <f32>NaN;
    expect(Vector.of(1, values, 8) === null).toBe(true);
    values[3] = <f32>Infinity;
    expect(Vector.of(1, values, 8) === null).toBe(true);
    expect(Vector.of(1, new StaticArray<f32>(8), 8) === null).toBe(true);
  });

  test("takes the largest and the smallest numbers", () => {
    const values = randomValues(4);
    values[0] = f32.MAX_VALUE;
    expect(Vector.of(1, values, 4) !== null).toBe(true);
    for (let i = 0; i < 4; i++) values[i] = 1e-44;
    expect(Vector.of(1, values, 4) !== null).toBe(true);
  });

  test("is not read from cut or foreign bytes", () => {
    const stored = vectorOf(randomValues(20)).encode();
    for (let length = 0; length < stored.length; length++) {
      expect(Vector.decode(stored.slice(0, length)) === null).toBe(true);
    }
    expect(Vector.decode(Bytes.of("something that is no vector at all")) === null).toBe(true);
  });
});

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

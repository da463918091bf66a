import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { Vector } from "../../../../assembly/ai-cache/vector/vector";
import { randomValues, vectorOf } from "./vectors";

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

/** The vector index by itself, for the benchmark. */
import { enter, leave } from "../../assembly/proxy-wasm/memory";
import "../../assembly/proxy-wasm/abort";
import { Vector } from "../../assembly/ai-cache/vector/vector";
import { VectorIndex } from "../../assembly/ai-cache/vector/vector-index";

let index: VectorIndex = new VectorIndex(1, 16, 1);
let query: Vector | null = null;
let state: u32 = 1;

function randomVector(dimensions: i32): Vector | null {
  const values = new StaticArray<f32>(dimensions);
  for (let i = 0; i < dimensions; i++) {
    state = state * 1664525 + 1013904223;
    values[i] = <f32>(<i32>(state >> 8) - (1 << 23));
  }
  return Vector.of(1, values, dimensions);
}

/** Fills an index with random vectors. */
export function fill(count: i32, dimensions: i32): void {
  index = new VectorIndex(1, dimensions, count);
  for (let i = 0; i < count; i++) {
    enter();
    const vector = randomVector(dimensions);
    if (vector !== null) index.put(i, 1, vector);
    leave();
  }
  query = randomVector(dimensions);
}

/** Searches `times` times; returns a sum over the results, so that the optimiser removes nothing. */
export function search(times: i32): i32 {
  const vector = query;
  if (vector === null) return 0;
  let sum = 0;
  for (let i = 0; i < times; i++) {
    index.search(1, vector, 5);
    sum += index.found[0];
  }
  return sum;
}

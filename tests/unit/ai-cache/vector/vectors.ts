/** Vectors of repeatable numbers. */
import { Vector } from "../../../../assembly/ai-cache/vector/vector";

let state: u32 = 1;

/** A repeatable number between −1 and 1. */
export function random(): f32 {
  state = state * 1664525 + 1013904223;
  return <f32>(<i32>(state >> 8) - (1 << 23)) / <f32>(1 << 23);
}

export function randomValues(dimensions: i32): StaticArray<f32> {
  const values = new StaticArray<f32>(dimensions);
  for (let i = 0; i < dimensions; i++) values[i] = random();
  return values;
}

export function vectorOf(values: StaticArray<f32>, space: u64 = 1): Vector {
  const vector = Vector.of(space, values, values.length);
  assert(vector !== null, "a vector");
  return changetype<Vector>(vector);
}

import { MAX_TOKENS } from "../question/question";

/** Characters left over of the last comparison, on each side. */
export const leftCharacters: StaticArray<u32>[] = [
  new StaticArray<u32>(MAX_TOKENS),
  new StaticArray<u32>(MAX_TOKENS),
];

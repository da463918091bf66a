/** How a tool's functions exchange bytes with JavaScript: both directions use ranges of the memory. */
import { Bytes } from "./bytes";
import { allocate, enter, leave } from "./memory";

let input: Bytes = Bytes.empty();
let result: Bytes = Bytes.empty();

/** Makes room for an input of `size` bytes and returns its address. */
export function prepare(size: i32): usize {
  enter();
  input = Bytes.wrap(changetype<ArrayBuffer>(allocate(<usize>size)));
  leave();
  return input.pointer;
}

/** What has been written to the address that `prepare` returned. */
export function toolInput(): Bytes {
  return input;
}

/** Keeps a function's result until the next call. */
export function setResult(bytes: Bytes): void {
  result = bytes;
}

/** Address of the result. */
export function resultPointer(): usize {
  return result.pointer;
}

/** Bytes of the result. */
export function resultLength(): i32 {
  return result.length;
}

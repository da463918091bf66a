import { Bytes } from "../../proxy-wasm/bytes";

/** Keys of shared data that differ only in a number, in one buffer: a key is valid until the next call. */
export class NumberedKey {
  private readonly bytes: Bytes;
  private readonly numberAt: usize;

  constructor(prefix: string) {
    const head = Bytes.of(prefix);
    const buffer = new ArrayBuffer(head.length + 4);
    memory.copy(changetype<usize>(buffer), head.pointer, head.length);
    this.bytes = Bytes.wrap(buffer);
    this.numberAt = this.bytes.pointer + <usize>head.length;
  }

  /** The key with this number. */
  at(number: u32): Bytes {
    store<u32>(this.numberAt, number);
    return this.bytes;
  }
}

/**
 * Order of the `n` bytes at `a` and at `b`, as `memory.compare` has it, which compares byte by byte where
 * the addresses differ in alignment.
 */
export function compareMemory(a: usize, b: usize, n: i32): i32 {
  for (; n >= 8; n -= 8, a += 8, b += 8) {
    const left = load<u64>(a);
    const right = load<u64>(b);
    if (left != right) return bswap<u64>(left) < bswap<u64>(right) ? -1 : 1;
  }
  if (n >= 4) {
    const left = load<u32>(a);
    const right = load<u32>(b);
    if (left != right) return bswap<u32>(left) < bswap<u32>(right) ? -1 : 1;
    n -= 4;
    a += 4;
    b += 4;
  }
  for (; n > 0; n--, a++, b++) {
    const order = <i32>load<u8>(a) - <i32>load<u8>(b);
    if (order != 0) return order;
  }
  return 0;
}

/** A set of 64 members with only member `index`. */
export function bit(index: i32): u64 {
  const one: u64 = 1;
  return one << index;
}

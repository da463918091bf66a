/**
 * The persons that a question names, in the order in which each comes first: three bits for each, the
 * first one lowest.
 */

const BITS: u32 = 3;
const MASK: u32 = 7;

/** Kinds of persons. */
export namespace Person {
  export const None: u32 = 0;
  export const User: u32 = 1;
  export const Assistant: u32 = 2;
  /** The first of the third persons of the tables. */
  export const Third: u32 = 3;
}

/** `order` with `person` after those that it has. */
export function addPerson(order: u32, person: u32): u32 {
  let at: u32 = 0;
  for (let rest = order; rest != 0; rest >>= BITS, at += BITS) {
    if ((rest & MASK) == person) return order;
  }
  return order | (person << at);
}

/** Whether persons that both sides name come in another order: "he told her", "she told him". */
export function arePersonsTurned(a: u32, b: u32): bool {
  return common(a, b) != common(b, a);
}

/** Those of `order` that are in `other`, in their order. */
function common(order: u32, other: u32): u32 {
  let kept: u32 = 0;
  for (let rest = order; rest != 0; rest >>= BITS) {
    const person = rest & MASK;
    if (addPerson(other, person) == other) kept = addPerson(kept, person);
  }
  return kept;
}

import { HashTable } from "./hash-table";

const END: i32 = -1;

/**
 * Lists of positions under hashed terms, newest first. Every position has a fixed number of nodes, so that
 * churn does not allocate.
 */
export class Postings {
  private readonly heads: HashTable = new HashTable();
  private readonly terms: StaticArray<u64>;
  private readonly next: StaticArray<i32>;
  private readonly previous: StaticArray<i32>;
  private readonly used: StaticArray<u8>;

  /** `capacity`: positions, from 0 on. `perPosition`: most terms of one position. */
  constructor(
    capacity: i32,
    private readonly perPosition: i32,
  ) {
    const nodes = capacity * perPosition;
    this.terms = new StaticArray<u64>(nodes);
    this.next = new StaticArray<i32>(nodes);
    this.previous = new StaticArray<i32>(nodes);
    this.used = new StaticArray<u8>(capacity);
  }

  /** Number of distinct terms. */
  get termCount(): i32 {
    return this.heads.size;
  }

  /** Adds `position` to the list of `term`, unless it is on too many already. */
  add(position: i32, term: u64): void {
    const index = <i32>unchecked(this.used[position]);
    if (index >= this.perPosition) return;
    const node = position * this.perPosition + index;
    const head = this.heads.first(this.heads.find(term));
    unchecked((this.terms[node] = term));
    unchecked((this.next[node] = head));
    unchecked((this.previous[node] = END));
    if (head >= 0) unchecked((this.previous[head] = node));
    this.heads.add(term, node);
    unchecked((this.used[position] += 1));
  }

  /** Removes `position` from all lists. */
  remove(position: i32): void {
    const first = position * this.perPosition;
    for (let i = 0, n = <i32>unchecked(this.used[position]); i < n; i++) this.unlink(first + i);
    unchecked((this.used[position] = 0));
  }

  private unlink(node: i32): void {
    const next = unchecked(this.next[node]);
    const previous = unchecked(this.previous[node]);
    const term = unchecked(this.terms[node]);
    if (next >= 0) unchecked((this.previous[next] = previous));
    if (previous >= 0) unchecked((this.next[previous] = next));
    const head = previous >= 0 ? this.heads.first(this.heads.find(term)) : next;
    this.heads.take(term, head);
  }

  /** Number of positions on the list of `term`. */
  count(term: u64): i32 {
    return this.heads.count(this.heads.find(term));
  }

  /** The first node of a list, −1 when it is empty. */
  first(term: u64): i32 {
    return this.heads.first(this.heads.find(term));
  }

  /** The node after `node`, −1 at the end. */
  after(node: i32): i32 {
    return <u32>node < <u32>this.next.length ? unchecked(this.next[node]) : END;
  }

  /** The position of a node. */
  positionOf(node: i32): i32 {
    return node / this.perPosition;
  }
}

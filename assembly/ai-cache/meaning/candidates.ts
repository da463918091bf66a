/** Entries that may answer a question, by their positions in the index, best first. */
export class Candidates {
  private readonly positions: StaticArray<i32>;
  private readonly scores: StaticArray<f32>;
  private count: i32 = 0;
  /** Scratch space for collecting candidates. */
  readonly touched: i32[] = [];

  /** `capacity`: how many are kept. */
  constructor(readonly capacity: i32) {
    this.positions = new StaticArray<i32>(capacity);
    this.scores = new StaticArray<f32>(capacity);
  }

  get length(): i32 {
    return this.count;
  }

  clear(): void {
    this.count = 0;
  }

  /** Position of candidate `index`, which must exist. */
  position(index: i32): i32 {
    return unchecked(this.positions[index]);
  }

  /** Score of candidate `index`, which must exist. */
  score(index: i32): f32 {
    return unchecked(this.scores[index]);
  }

  /** Adds a position if it is new and better than the worst one kept. */
  offer(position: i32, score: f32): void {
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.positions[i]) == position) return;
    }
    if (this.count == this.capacity) {
      const worst = this.count - 1;
      if (worst < 0 || unchecked(this.scores[worst]) >= score) return;
      this.count--;
    }
    unchecked((this.positions[this.count] = position));
    unchecked((this.scores[this.count] = score));
    this.rise(this.count++);
  }

  /** Changes the score of candidate `index`; call `sort` afterwards. */
  rescore(index: i32, score: f32): void {
    unchecked((this.scores[index] = score));
  }

  /** Sorts stably by score, the highest first. */
  sort(): void {
    for (let i = 1; i < this.count; i++) this.rise(i);
  }

  private rise(index: i32): void {
    const position = unchecked(this.positions[index]);
    const score = unchecked(this.scores[index]);
    let at = index;
    while (at > 0 && unchecked(this.scores[at - 1]) < score) {
      unchecked((this.positions[at] = this.positions[at - 1]));
      unchecked((this.scores[at] = this.scores[at - 1]));
      at--;
    }
    unchecked((this.positions[at] = position));
    unchecked((this.scores[at] = score));
  }
}

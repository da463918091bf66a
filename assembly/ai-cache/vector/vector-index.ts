import { dotProduct } from "./dot-product";
import { paddedLength, Vector } from "./vector";

/** Rows per allocation. */
const CHUNK_ROWS: i32 = 256;
const NO_ROW: i32 = -1;
/** Most neighbours of a search. */
const MAX_NEIGHBOURS: i32 = 16;

/**
 * A flat index of the vectors of one space: a scan over all rows of a partition, which at ten thousand rows
 * is faster than an index structure. Rows are kept without gaps, in growing blocks outside the collector's
 * heap.
 */
export class VectorIndex {
  private readonly stride: i32;
  private readonly chunks: usize[] = [];
  private readonly partitions: StaticArray<u64>;
  private readonly norms: StaticArray<f32>;
  private readonly positionOf: StaticArray<i32>;
  private readonly rowOf: StaticArray<i32>;
  private rows: i32 = 0;
  /** Positions of the neighbours that the last search found, best first. */
  readonly found: StaticArray<i32> = new StaticArray<i32>(MAX_NEIGHBOURS);
  /** Their cosine similarities. */
  readonly similarity: StaticArray<f32> = new StaticArray<f32>(MAX_NEIGHBOURS);
  /** Their number. */
  count: i32 = 0;

  /** `capacity`: positions, from 0 on. */
  constructor(
    readonly space: u64,
    readonly dimensions: i32,
    private readonly capacity: i32,
  ) {
    this.stride = paddedLength(dimensions);
    this.partitions = new StaticArray<u64>(capacity);
    this.norms = new StaticArray<f32>(capacity);
    this.positionOf = new StaticArray<i32>(capacity);
    this.rowOf = new StaticArray<i32>(capacity);
    this.rowOf.fill(NO_ROW);
  }

  /** Number of vectors. */
  get size(): i32 {
    return this.rows;
  }

  /** Bytes of the rows. */
  get bytes(): u64 {
    return <u64>this.chunks.length * <u64>(CHUNK_ROWS * this.stride);
  }

  /**
   * Sets the vector at `position`. False when it is of another space or the position is out of
   * range.
   */
  put(position: i32, partition: u64, vector: Vector): bool {
    if (<u32>position >= <u32>this.capacity) return false;
    if (vector.space != this.space || vector.dimensions != this.dimensions) return false;
    let row = unchecked(this.rowOf[position]);
    if (row == NO_ROW) {
      row = this.rows++;
      if (row >= this.chunks.length * CHUNK_ROWS) {
        this.chunks.push(heap.alloc(<usize>(CHUNK_ROWS * this.stride)));
      }
      unchecked((this.rowOf[position] = row));
      unchecked((this.positionOf[row] = position));
    }
    unchecked((this.partitions[row] = partition));
    unchecked((this.norms[row] = vector.inverseNorm));
    memory.copy(this.cells(row), vector.cells.pointer, <usize>this.stride);
    return true;
  }

  /** Removes the vector at `position`, if there is one. The last row is moved to its place. */
  remove(position: i32): void {
    if (<u32>position >= <u32>this.capacity) return;
    const row = unchecked(this.rowOf[position]);
    if (row == NO_ROW) return;
    const last = --this.rows;
    unchecked((this.rowOf[position] = NO_ROW));
    if (row == last) return;
    const moved = unchecked(this.positionOf[last]);
    unchecked((this.positionOf[row] = moved));
    unchecked((this.rowOf[moved] = row));
    unchecked((this.partitions[row] = this.partitions[last]));
    unchecked((this.norms[row] = this.norms[last]));
    memory.copy(this.cells(row), this.cells(last), <usize>this.stride);
  }

  /** Finds the `most` nearest vectors of a partition: `found`, `similarity` and `count`. */
  search(partition: u64, vector: Vector, most: i32): void {
    this.count = 0;
    if (vector.space != this.space || vector.dimensions != this.dimensions) return;
    const limit = min(most, MAX_NEIGHBOURS);
    const query = vector.cells.pointer;
    for (let row = 0; row < this.rows; row++) {
      if (unchecked(this.partitions[row]) != partition) continue;
      const dot = dotProduct(query, this.cells(row), this.stride);
      const cosine = <f32>dot * vector.inverseNorm * unchecked(this.norms[row]);
      this.keep(unchecked(this.positionOf[row]), cosine, limit);
    }
  }

  private keep(position: i32, cosine: f32, limit: i32): void {
    let at = this.count;
    if (at == limit) {
      if (limit == 0 || unchecked(this.similarity[at - 1]) >= cosine) return;
      at--;
    } else {
      this.count++;
    }
    while (at > 0 && unchecked(this.similarity[at - 1]) < cosine) {
      unchecked((this.similarity[at] = this.similarity[at - 1]));
      unchecked((this.found[at] = this.found[at - 1]));
      at--;
    }
    unchecked((this.similarity[at] = cosine));
    unchecked((this.found[at] = position));
  }

  private cells(row: i32): usize {
    const chunk = unchecked(this.chunks[row / CHUNK_ROWS]);
    return chunk + <usize>((row % CHUNK_ROWS) * this.stride);
  }
}

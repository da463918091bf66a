import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { dotProduct, PADDING } from "./dot-product";

/** Most dimensions; no known model has more. */
export const MAX_DIMENSIONS: i32 = 8192;
const LARGEST: f32 = 127;
/** Space, dimensions. */
const HEAD: i32 = 12;

/**
 * A direction in the space of an embedding model: a byte for each dimension, padded with zeros for the
 * kernel. Its length is irrelevant, because only angles are compared.
 */
export class Vector {
  /** The numbers as the service sent them, a JSON array, if a store needs them; else empty. */
  json: Bytes = Bytes.empty();

  private constructor(
    /** Hash of the model and its settings; vectors of two spaces are never compared. */
    readonly space: u64,
    readonly dimensions: i32,
    /** The bytes, a multiple of `PADDING` of them. */
    readonly cells: Bytes,
    /** One by the length of the bytes as a vector. */
    readonly inverseNorm: f32,
  ) {}

  /**
   * Quantises `values`. Null when there are none or too many, one is not finite, or all are zero.
   */
  static of(space: u64, values: StaticArray<f32>, dimensions: i32): Vector | null {
    if (dimensions <= 0 || dimensions > min(values.length, MAX_DIMENSIONS)) return null;
    let largest: f32 = 0;
    for (let i = 0; i < dimensions; i++) {
      const value = unchecked(values[i]);
      if (!isFinite<f32>(value)) return null;
      largest = max<f32>(largest, abs<f32>(value));
    }
    if (largest == 0) return null;
    const buffer = new ArrayBuffer(paddedLength(dimensions));
    const p = changetype<usize>(buffer);
    // Divided first, because 127 times a large value might not be finite.
    for (let i = 0; i < dimensions; i++) {
      store<i8>(p + <usize>i, <i8>nearest<f32>((unchecked(values[i]) / largest) * LARGEST));
    }
    return new Vector(space, dimensions, Bytes.wrap(buffer), inverseNormOf(p, buffer.byteLength));
  }

  /** The bytes to be stored: space u64, dimensions u32, cells. */
  encode(): Bytes {
    return new ByteWriter(HEAD + this.dimensions)
      .uint(this.space, 8)
      .uint(<u64>this.dimensions, 4)
      .bytes(this.cells.slice(0, this.dimensions))
      .toBytes();
  }

  /** Reads what `encode` wrote; null when it is something else. */
  static decode(data: Bytes): Vector | null {
    if (data.length <= HEAD) return null;
    const dimensions = load<u32>(data.pointer, 8);
    if (dimensions > <u32>MAX_DIMENSIONS || <i32>dimensions != data.length - HEAD) return null;
    const buffer = new ArrayBuffer(paddedLength(<i32>dimensions));
    const p = changetype<usize>(buffer);
    memory.copy(p, data.pointer + <usize>HEAD, <usize>dimensions);
    const norm = inverseNormOf(p, buffer.byteLength);
    if (norm == 0) return null;
    return new Vector(load<u64>(data.pointer), <i32>dimensions, Bytes.wrap(buffer), norm);
  }
}

/** Bytes of a row of so many dimensions. */
export function paddedLength(dimensions: i32): i32 {
  return (dimensions + PADDING - 1) & ~(PADDING - 1);
}

function inverseNormOf(cells: usize, length: i32): f32 {
  const square = dotProduct(cells, cells, length);
  return square <= 0 ? 0 : <f32>(1.0 / Math.sqrt(<f64>square));
}

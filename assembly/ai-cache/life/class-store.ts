import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "../policy/numbered-key";
import { CELLS, QuestionKind, startWeights } from "./change-model";
import { BINS, TwinScores } from "./twin-scores";

/** Classes that are kept; a class has a few places to choose from. */
const CLASSES: u32 = 256;
const PLACES: u32 = 4;
/** class u64 · observations u32 · nothing u32 · 48 weights f32 · 16 counts of twins u16 */
const WEIGHTS_AT: usize = 16;
const TWINS_AT: usize = WEIGHTS_AT + <usize>CELLS * 4;
const BYTES: i32 = <i32>TWINS_AT + BINS * 2;
const MOST_WEIGHT: f64 = 1e6;

/** What is known of a class of questions: the same rule, model and kind. */
export class QuestionClass {
  readonly weights: StaticArray<f64> = new StaticArray<f64>(CELLS);
  readonly twins: TwinScores = new TwinScores();
  observations: u32 = 0;
  id: u64 = 0;
  /** Where it is kept, −1 for nowhere. */
  place: i32 = -1;
  /** For the conditional write; 0 for a place that was never written. */
  cas: u32 = 0;
}

/** Classes in shared data, for all workers. */
export class ClassStore {
  private readonly key: NumberedKey;

  /** `prefix`: of their keys. */
  constructor(prefix: string) {
    this.key = new NumberedKey(prefix + "t");
  }

  /** Reads a class into `out`; what is not known yet is as at first. */
  read(id: u64, kind: QuestionKind, out: QuestionClass): void {
    out.id = id;
    out.place = -1;
    for (let i: u32 = 0; i < PLACES; i++) {
      const place = (<u32>id + i) % CLASSES;
      const value = getShared(this.key.at(place));
      const isWritten = value !== null && value.data.length == BYTES;
      if (value !== null && isWritten && load<u64>(value.data.pointer) == id) {
        out.place = place;
        out.cas = value.cas;
        if (decode(value.data, out)) return;
        break;
      }
      if (isWritten || out.place >= 0) continue;
      out.place = place;
      out.cas = value === null ? 0 : value.cas;
    }
    out.observations = 0;
    out.twins.clear();
    startWeights(kind, out.weights);
  }

  /** Writes a class as it was read and changed since. False when somebody else has changed it. */
  write(c: QuestionClass): bool {
    if (c.place < 0) return true;
    const data = Bytes.wrap(new ArrayBuffer(BYTES));
    const p = data.pointer;
    store<u64>(p, c.id);
    store<u32>(p, c.observations, 8);
    for (let i = 0; i < CELLS; i++) {
      store<f32>(p + WEIGHTS_AT + ((<usize>i) << 2), <f32>unchecked(c.weights[i]));
    }
    for (let i = 0; i < BINS; i++) {
      store<u16>(p + TWINS_AT + ((<usize>i) << 1), c.twins.at(i));
    }
    const key = this.key.at(c.place);
    return c.cas == 0 ? setShared(key, data) : setSharedIf(key, data, c.cas);
  }
}

/** False when the weights cannot be those of a class. */
function decode(data: Bytes, out: QuestionClass): bool {
  const p = data.pointer;
  out.observations = load<u32>(p, 8);
  for (let i = 0; i < CELLS; i++) {
    const weight = <f64>load<f32>(p + WEIGHTS_AT + ((<usize>i) << 2));
    if (!(weight >= 0 && weight < MOST_WEIGHT)) return false;
    unchecked((out.weights[i] = weight));
  }
  out.twins.clear();
  for (let i = 0; i < BINS; i++) out.twins.set(i, load<u16>(p + TWINS_AT + ((<usize>i) << 1)));
  return true;
}

import { Bytes } from "../../proxy-wasm/bytes";
import { SharedTable } from "../policy/shared-table";
import { CELLS, QuestionKind, startWeights } from "./change-model";
import { OtherClasses } from "./other-classes";
import { BINS, TwinScores } from "./twin-scores";

/** Most classes kept. */
export const CLASSES: u32 = 256;
/** class u64 · observations u32 · kind u32 · 48 weights f32 · 16 counts of twins u16 */
const KIND_AT: usize = 12;
const WEIGHTS_AT: usize = 16;
const TWINS_AT: usize = WEIGHTS_AT + <usize>CELLS * 4;
const BYTES: i32 = <i32>TWINS_AT + BINS * 2;
const MAX_WEIGHT: f64 = 1e6;
/** No cell is ever ruled out. */
export const MIN_WEIGHT: f64 = 0.02;

/** What is learned about a class of questions with the same rule, model and kind. */
export class QuestionClass {
  readonly weights: StaticArray<f64> = new StaticArray<f64>(CELLS);
  /** The same, with what other Envoys have learned. */
  readonly all: StaticArray<f64> = new StaticArray<f64>(CELLS);
  readonly twins: TwinScores = new TwinScores();
  observations: u32 = 0;
  id: u64 = 0;
  kind: QuestionKind = QuestionKind.General;
}

/** Classes in shared data, for all workers. */
export class ClassStore {
  private readonly table: SharedTable;

  /** `prefix`: of their keys. `others`: what other Envoys have learned, null where nothing is exchanged. */
  constructor(
    prefix: string,
    private readonly others: OtherClasses | null = null,
  ) {
    this.table = new SharedTable(prefix + "t", CLASSES, BYTES);
  }

  /** Reads a class into `out`; an unknown one has the prior. */
  read(id: u64, kind: QuestionKind, out: QuestionClass): void {
    out.id = id;
    out.kind = kind;
    const record = this.table.find(id);
    if (record === null || !decode(record, out)) {
      out.observations = 0;
      out.twins.clear();
      startWeights(kind, out.weights);
    }
    const others = this.others;
    let excess: StaticArray<f64> | null = null;
    if (others !== null) excess = others.excessOf(id);
    for (let i = 0; i < CELLS; i++) {
      const own = unchecked(out.weights[i]);
      const sum = excess === null ? own : max(MIN_WEIGHT, own + unchecked(excess[i]));
      unchecked((out.all[i] = sum));
    }
  }

  /** Reads the class in a slot of the table, for iteration; false when there is none. */
  at(place: u32, out: QuestionClass): bool {
    const record = this.table.at(place);
    if (record === null || !decode(record, out)) return false;
    const kind = load<u32>(record.pointer, KIND_AT);
    out.id = load<u64>(record.pointer);
    out.kind = kind > <u32>QuestionKind.Creative ? QuestionKind.General : <QuestionKind>kind;
    return true;
  }

  /** Writes the class that was read last. False when another worker has changed it. */
  write(c: QuestionClass): bool {
    const data = Bytes.wrap(new ArrayBuffer(BYTES));
    const p = data.pointer;
    store<u64>(p, c.id);
    store<u32>(p, c.observations, 8);
    store<u32>(p, <u32>c.kind, KIND_AT);
    for (let i = 0; i < CELLS; i++) {
      store<f32>(p + WEIGHTS_AT + ((<usize>i) << 2), <f32>unchecked(c.weights[i]));
    }
    for (let i = 0; i < BINS; i++) {
      store<u16>(p + TWINS_AT + ((<usize>i) << 1), c.twins.at(i));
    }
    return this.table.write(data);
  }
}

/** False when the weights cannot be those of a class. */
function decode(data: Bytes, out: QuestionClass): bool {
  const p = data.pointer;
  out.observations = load<u32>(p, 8);
  for (let i = 0; i < CELLS; i++) {
    const weight = <f64>load<f32>(p + WEIGHTS_AT + ((<usize>i) << 2));
    if (!(weight >= 0 && weight < MAX_WEIGHT)) return false;
    unchecked((out.weights[i] = weight));
  }
  out.twins.clear();
  for (let i = 0; i < BINS; i++) out.twins.set(i, load<u16>(p + TWINS_AT + ((<usize>i) << 1)));
  return true;
}

import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared } from "../../proxy-wasm/shared-data";
import { OtherClasses } from "../life/other-classes";
import { NoiseCounts } from "../limit/label-noise";
import { OtherLabels } from "../limit/other-labels";
import { ScoreCounts } from "../limit/score-counts";
import { LearnedSums } from "./learned-sums";

/** What other Envoys have learned, in shared data for all workers. */
export class Others {
  private readonly key: Bytes;
  private readonly numberKey: Bytes;
  private readonly sums: LearnedSums = new LearnedSums();
  /** The version that `sums` are of. */
  private number: u64 = 0;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    this.key = Bytes.of(prefix + "others");
    this.numberKey = Bytes.of(prefix + "number");
  }

  /** Stores their sums, each framed, replacing earlier ones. */
  keep(sums: Bytes): void {
    setShared(this.key, sums);
    const number = Bytes.wrap(new ArrayBuffer(8));
    store<u64>(number.pointer, this.readNumber() + 1);
    setShared(this.numberKey, number);
  }

  /** Their sums as they are now. */
  current(): LearnedSums {
    const number = this.readNumber();
    if (number == this.number) return this.sums;
    this.number = number;
    this.sums.clear();
    const value = getShared(this.key);
    if (value === null) return this.sums;
    for (let at = 0; at < value.data.length;) {
      const sums = value.data.framedAt(at);
      if (sums === null) break;
      this.sums.take(sums);
      at += 4 + sums.length;
    }
    return this.sums;
  }

  private readNumber(): u64 {
    const value = getShared(this.numberKey);
    return value !== null && value.data.length == 8 ? load<u64>(value.data.pointer) : 0;
  }
}

/** Of classes of questions. */
export class ClassesOfOthers extends OtherClasses {
  constructor(private readonly others: Others) {
    super();
  }

  excessOf(id: u64): StaticArray<f64> | null {
    const classes = this.others.current().classes;
    return classes.has(id) ? classes.get(id) : null;
  }
}

/** Of labels. */
export class LabelsOfOthers extends OtherLabels {
  constructor(private readonly others: Others) {
    super();
  }

  addCounts(id: u64, out: ScoreCounts): void {
    const strata = this.others.current().strata;
    if (strata.has(id)) out.addAll(strata.get(id));
  }

  addNoise(id: u64, out: NoiseCounts): void {
    const noises = this.others.current().noises;
    if (noises.has(id)) out.addAll(noises.get(id));
  }
}

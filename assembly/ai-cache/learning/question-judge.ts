import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { RootContext } from "../../proxy-wasm/context";
import { xxhash64 } from "../../text/xxhash64";
import { countJudged } from "../report/metrics";
import { Judge, JudgeListener } from "./judge";
import { JudgeConfig } from "./judge-config";
import { QuestionBrief } from "./question-brief";

/** Most remembered pairs. */
const PAIRS: i32 = 1024;

/** The remembered verdict of a pair of questions. */
export enum Known {
  Nothing,
  Same,
  Other,
}

/** Asks a model whether two questions ask the same, and remembers its verdicts. */
export class QuestionJudge {
  private readonly judge: Judge;
  /** For each slot: the pair, and its verdict. */
  private readonly table: StaticArray<u64> = new StaticArray<u64>(2 * PAIRS);

  constructor(
    config: JudgeConfig,
    /** Whether its verdicts are in shadow mode. */
    readonly isShadow: bool,
  ) {
    this.judge = new Judge(config, new QuestionBrief());
  }

  /** The verdict about a pair. */
  known(asked: Bytes, stored: Bytes): Known {
    const pair = pairOf(asked, stored);
    const at = placeOf(pair);
    return this.table[at] == pair ? <Known>this.table[at + 1] : Known.Nothing;
  }

  /** Asks about a pair. True: `listener` will run, once. False: it will not. */
  ask(root: RootContext, asked: Bytes, stored: Bytes, listener: JudgeListener): bool {
    const judge = this.judge;
    const waiting = new Remembering(this, pairOf(asked, stored), listener);
    if (judge.isReady && judge.ask(root, asked, stored, waiting)) return true;
    countJudged("not-asked");
    return false;
  }

  /** For `Remembering`. */
  note(pair: u64, isSame: bool): void {
    const at = placeOf(pair);
    this.table[at] = pair;
    this.table[at + 1] = isSame ? Known.Same : Known.Other;
  }
}

class Remembering extends JudgeListener {
  constructor(
    private readonly judge: QuestionJudge,
    private readonly pair: u64,
    private readonly listener: JudgeListener,
  ) {
    super();
  }

  onJudged(isSame: bool, isSure: bool): void {
    if (isSure) this.judge.note(this.pair, isSame);
    countJudged(!isSure ? "failed" : isSame ? "same" : "other");
    this.listener.onJudged(isSame, isSure);
  }
}

/** Never 0, which marks an empty slot. */
function pairOf(asked: Bytes, stored: Bytes): u64 {
  const out = new ByteWriter(asked.length + stored.length + 8).framed(asked).framed(stored);
  return xxhash64(out.toBytes()) | 1;
}

function placeOf(pair: u64): i32 {
  return <i32>((pair >> 1) % <u64>PAIRS) * 2;
}

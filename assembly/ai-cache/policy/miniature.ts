import { Admission, Newcomer, NumberedSlots } from "./admission";
import { LocalSketch } from "./local-sketch";
import { SlotEntry, SlotTable } from "./slot-table";
import { StoreState } from "./store-state";
import { Value } from "./strategy";

const COUNTERS: u32 = 32;
const PERIOD: u32 = 20;
/** As in the store. */
const LARGEST_PART: u64 = 8;

/** Slots of the latest numbers. */
class Numbers extends NumberedSlots {
  private readonly slots: StaticArray<u32>;

  constructor(length: i32) {
    super();
    this.slots = new StaticArray<u32>(length);
  }

  slotOf(entry: u64): i32 {
    return <i32>unchecked(this.slots[<i32>(entry % <u64>this.slots.length)]) - 1;
  }

  set(entry: u64, slot: u32): void {
    unchecked((this.slots[<i32>(entry % <u64>this.slots.length)] = slot + 1));
  }
}

/**
 * A miniature cache of keys without answers: simulates a strategy, or a capacity. It decides with the same
 * classes as the store. A request allocates nothing: one tick has thousands.
 */
export class Miniature {
  /** Actual and possible savings, by the configured value; both decay. */
  saved: f64 = 0;
  hits: f64 = 0;
  /** As `saved`, decaying slower. */
  lasting: f64 = 0;
  private readonly table: SlotTable;
  readonly state: StoreState = new StoreState();
  private readonly numbers: Numbers;
  private readonly sketch: LocalSketch;
  private readonly admission: Admission;
  private readonly scratch: SlotEntry = new SlotEntry();
  private readonly newcomer: Newcomer = new Newcomer(0, 0, 0, false, [], []);

  /** `entries`: that it holds about. `slots`, `bytes`: its limits. */
  constructor(
    entries: u32,
    slots: u32,
    private readonly bytes: u64,
    private readonly value: Value,
    strategy: u8,
  ) {
    const table = new SlotTable(1);
    const numbers = new Numbers(<i32>entries * 4);
    const sketch = new LocalSketch(entries * COUNTERS, entries * PERIOD);
    this.numbers = numbers;
    this.sketch = sketch;
    this.table = table;
    this.admission = new Admission(table, sketch, numbers, bytes, value, 1);
    this.state.slots = slots;
    this.state.strategy = strategy;
  }

  /** Switches to another strategy. */
  follow(strategy: u8): void {
    this.state.strategy = strategy;
  }

  /** A request for a key, with the cost and size of its answer. */
  access(key: u64, cost: u32, size: u32): void {
    const table = this.table;
    table.now++;
    this.sketch.record(key);
    const slot = table.find(key);
    if (slot >= 0) {
      table.touch(slot);
      this.hits++;
      const saved = this.value == Value.Hits ? 1 : <f64>cost;
      this.saved += saved;
      this.lasting += saved;
    } else if (<u64>size <= this.bytes / LARGEST_PART) this.add(key, cost, size);
  }

  /** Decays old counts. */
  fade(by: f64, lasting: f64): void {
    this.saved *= by;
    this.hits *= by;
    this.lasting *= lasting;
  }

  private add(key: u64, cost: u32, size: u32): void {
    const table = this.table;
    const state = this.state;
    const newcomer = this.newcomer;
    const evicted = newcomer.evicted;
    newcomer.size = size;
    newcomer.hasSlot = table.hasFree;
    evicted.length = 0;
    newcomer.reasons.length = 0;
    this.admission.stir(key);
    const isRoom = this.admission.makeRoom(state, newcomer);
    for (let i = 0; i < evicted.length; i++) table.release(evicted[i]);
    if (!isRoom) return;
    let slot = table.takeFree();
    if (slot < 0) {
      slot = <i32>state.fresh;
      state.fresh++;
    }
    const entry = this.scratch;
    entry.fingerprint = key;
    entry.entry = state.head++;
    entry.size = size;
    entry.cost = cost;
    entry.first = <u8>this.sketch.count(key);
    table.put(slot, entry);
    this.numbers.set(entry.entry, slot);
    state.bytes += <u64>size;
    state.live++;
    state.windowBytes += <u64>size;
    state.windowCount++;
    const mean = state.meanSize == 0 ? <u64>size : <u64>state.meanSize;
    state.meanSize = <u32>((mean * 63 + <u64>size) / 64);
  }
}

import { Bytes } from "../../../proxy-wasm/bytes";
import { ERROR, MODEL } from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { formatDecimal, parseDecimal } from "../../../text/decimal";
import { BatchParts } from "../base/batch";
import { follow, ItemForm } from "./item-form";
import { AnswerPacker, MarkKind } from "./packed";

const ZERO = Bytes.of("0");
/** Most counts of an answer. */
const MAX_COUNTS: i32 = 8;
/** Most bytes of an answer besides its outputs, which are copied to each part. */
const MAX_FRAME: i32 = 4096;

/**
 * Splits an answer into packed answers to single items: outputs with index 0, and shares of the counts by
 * the items' weights. Null unless there is exactly one output for each. `weights`: bytes of the inputs.
 */
export function divide(form: ItemForm, answer: JsonDocument, weights: i32[]): BatchParts | null {
  const lists = form.listsIn(answer);
  const outputs = outputsIn(form, answer, weights.length);
  if (outputs === null || lists === null) return null;
  let frame = answer.source.length;
  for (let i = 0; i < lists.length; i++) frame -= answer.end(lists[i]) - answer.start(lists[i]);
  if (frame > MAX_FRAME) return null;
  const places = placesIn(form, answer, lists);
  let whole: i64 = 0;
  for (let i = 0; i < weights.length; i++) whole += weights[i];
  const parts = new BatchParts([], answer.text(answer.member(0, MODEL)).copy(), []);
  let from: i64 = 0;
  for (let i = 0; i < weights.length; i++) {
    const to = from + weights[i];
    const part = new Part(form, answer, places, from, to, whole);
    for (let j = 0; j < lists.length; j++) part.outputs.push(outputs[j * weights.length + i]);
    parts.answers.push(part.write(frame));
    parts.costs.push(part.cost);
    from = to;
  }
  return parts;
}

/** Whether an answer has exactly `count` outputs, all of one length. */
export function isAnswerTo(form: ItemForm, answer: JsonDocument, count: i32): bool {
  return outputsIn(form, answer, count) !== null;
}

/** A range of an answer that differs between the parts. */
class Place {
  /** `node`: its content. */
  constructor(
    readonly kind: MarkKind,
    readonly node: i32,
  ) {}
}

/** The part of one item. */
class Part {
  readonly outputs: i32[] = [];
  /** The first of its counts. */
  cost: u32 = 0;

  /** `from`, `to`: its range in `whole`. */
  constructor(
    private readonly form: ItemForm,
    private readonly answer: JsonDocument,
    private readonly places: Place[],
    private readonly from: i64,
    private readonly to: i64,
    private readonly whole: i64,
  ) {}

  write(frame: i32): Bytes {
    const answer = this.answer;
    const source = answer.source;
    let size = frame + 64;
    for (let i = 0; i < this.outputs.length; i++) {
      size += answer.end(this.outputs[i]) - answer.start(this.outputs[i]);
    }
    const packer = new AnswerPacker(size);
    let at = 0;
    let list = 0;
    let count = 0;
    for (let i = 0; i < this.places.length; i++) {
      const place = this.places[i];
      const node = place.node;
      const isList = place.kind == MarkKind.Output;
      const raw = answer.raw(node);
      const start = <i32>(raw.pointer - source.pointer);
      packer.add(source.slice(at, isList ? start + 1 : start));
      at = start + raw.length;
      if (isList) {
        if (list < this.outputs.length) this.addOutput(packer, this.outputs[list++]);
        at--;
      } else if (place.kind == MarkKind.Count) {
        const part = share(valueOf(answer, node), this.from, this.to, this.whole);
        if (count++ == 0) this.cost = <u32>min<u64>(part, <u64>u32.MAX_VALUE);
        packer.addMarked(MarkKind.Count, formatDecimal(part));
      } else {
        packer.addMarked(place.kind, raw);
      }
    }
    packer.add(source.slice(at));
    return packer.toBytes();
  }

  private addOutput(packer: AnswerPacker, output: i32): void {
    const answer = this.answer;
    const form = this.form;
    const index = form.index.length == 0 ? -1 : answer.member(output, form.index);
    const raw = answer.raw(output);
    if (index < 0) return packer.addOutput(raw, Bytes.empty(), Bytes.empty());
    const source = answer.source;
    const before = source.slice(answer.start(output), answer.start(index));
    packer.addOutput(before, ZERO, source.slice(answer.end(index), answer.end(output)));
  }
}

/** The ranges that differ between the parts, in text order. */
function placesIn(form: ItemForm, answer: JsonDocument, lists: i32[]): Place[] {
  const places: Place[] = [];
  for (let i = 0; i < lists.length; i++) places.push(new Place(MarkKind.Output, lists[i]));
  const model = answer.member(0, MODEL);
  if (model > 0) places.push(new Place(MarkKind.Model, model));
  const usage = follow(answer, form.usage);
  let counts = 0;
  const first = answer.kind(usage) == Kind.Object ? answer.first(usage) : -1;
  for (let key = first; key >= 0 && counts < MAX_COUNTS; key = answer.after(key + 1)) {
    if (parseDecimal(answer.raw(key + 1), -1) >= 0) {
      places.push(new Place(MarkKind.CountName, key));
      places.push(new Place(MarkKind.Count, key + 1));
      counts++;
    }
  }
  return places.sort((a, b) => a.node - b.node);
}

/**
 * Nodes of the outputs of an answer to `count` items: those of each list in the order of the items, one
 * list after the other. Null when there is not exactly one of each for each item, or the vectors are of
 * different lengths.
 */
function outputsIn(form: ItemForm, answer: JsonDocument, count: i32): StaticArray<i32> | null {
  if (answer.kind(0) != Kind.Object) return null;
  if (!answer.isAbsent(answer.member(0, ERROR))) return null;
  const lists = form.listsIn(answer);
  if (lists === null) return null;
  const found = new StaticArray<i32>(count * lists.length);
  const first = follow(answer, form.outputs[0]);
  for (let j = 0; j < lists.length; j++) {
    const list = lists[j];
    if (answer.size(list) != count) return null;
    const hasVectors = list >= first && list < answer.next(first);
    let length = 0;
    let output = list + 1;
    for (let i = 0; i < count; i++) {
      const at = hasVectors ? placeOf(form, answer, output, i) : i;
      // Node 0 is the answer itself.
      if (<u32>at >= <u32>count || found[j * count + at] != 0) return null;
      if (hasVectors) {
        const own = form.lengthOf(answer, output);
        if (own == 0 || (i > 0 && own != length)) return null;
        length = own;
      }
      found[j * count + at] = output;
      output = answer.next(output);
    }
  }
  return found;
}

/** Number of the item that an output is for, which is the output number `place`; −1 for none. */
function placeOf(form: ItemForm, answer: JsonDocument, output: i32, place: i32): i32 {
  if (form.index.length == 0) return place;
  const index = answer.member(output, form.index);
  if (index < 0) return place;
  return <i32>min<i64>(i32.MAX_VALUE, parseDecimal(answer.raw(index), -1));
}

/** A whole number; 0 for anything else. */
function valueOf(document: JsonDocument, node: i32): u64 {
  return document.kind(node) == Kind.Number
    ? <u64>max<i64>(0, parseDecimal(document.raw(node), 0))
    : 0;
}

/** What of `value` falls to the stretch between `from` and `to` of `whole`: all stretches together get all. */
function share(value: u64, from: i64, to: i64, whole: i64): u64 {
  if (whole <= 0) return 0;
  const scale = <f64>value / <f64>whole;
  const upper = to == whole ? value : <u64>(scale * <f64>to);
  return upper - min<u64>(upper, <u64>(scale * <f64>from));
}

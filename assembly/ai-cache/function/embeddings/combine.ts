import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { parseDecimal } from "../../../text/decimal";
import { MarkKind, PackedAnswer } from "./packed";
import { Char } from "../../../proxy-wasm/char";

/**
 * Combines answers to single items, in order: outputs are numbered, counts added up, everything else is
 * taken from the answer `frame`. Null when models or forms differ.
 */
export function combine(answers: Bytes[], frame: i32): Bytes | null {
  if (<u32>frame >= <u32>answers.length) return null;
  const base = PackedAnswer.decode(answers[frame]);
  if (base === null) return null;
  let size = 0;
  for (let i = 0; i < answers.length; i++) size += answers[i].length;
  const lists: ByteWriter[] = [];
  const sums: u64[] = [];
  for (let i = 0; i < base.count; i++) {
    if (base.kind(i) == MarkKind.Output) lists.push(new ByteWriter(lists.length == 0 ? size : 256));
    if (base.kind(i) == MarkKind.Count) sums.push(0);
  }
  for (let i = 0; i < answers.length; i++) {
    const own = i == frame ? base : PackedAnswer.decode(answers[i]);
    if (own === null || !isAlike(base, own)) return null;
    addOne(own, <u64>i, lists, sums);
  }
  return fill(base, lists, sums);
}

/** Whether two answers have the same lists, counts and model. */
function isAlike(a: PackedAnswer, b: PackedAnswer): bool {
  if (a.count != b.count) return false;
  for (let i = 0; i < a.count; i++) {
    const kind = a.kind(i);
    if (kind != b.kind(i)) return false;
    const isSame = kind == MarkKind.CountName || kind == MarkKind.Model;
    if (isSame && !a.text(i).equals(b.text(i))) return false;
  }
  return true;
}

/** Appends the outputs of an answer with index `number`, and adds its counts. */
function addOne(answer: PackedAnswer, number: u64, lists: ByteWriter[], sums: u64[]): void {
  let list = 0;
  let count = 0;
  for (let i = 0; i < answer.count; i++) {
    const kind = answer.kind(i);
    if (kind == MarkKind.Count && count < sums.length) {
      sums[count] += <u64>max<i64>(0, parseDecimal(answer.text(i), 0));
      count++;
    }
    if (kind != MarkKind.Output || list >= lists.length) continue;
    const out = lists[list++];
    if (number > 0) out.byte(Char.Comma);
    const start = answer.start(i);
    const end = answer.end(i);
    if (answer.kind(i + 1) == MarkKind.Index && answer.end(i + 1) <= end) {
      out.bytes(answer.json.slice(start, answer.start(i + 1)));
      out.decimal(number).bytes(answer.json.slice(answer.end(i + 1), end));
    } else {
      out.bytes(answer.json.slice(start, end));
    }
  }
}

/** An answer with other outputs and counts. */
function fill(frame: PackedAnswer, lists: ByteWriter[], sums: u64[]): Bytes {
  let size = frame.json.length;
  for (let i = 0; i < lists.length; i++) size += lists[i].length;
  const out = new ByteWriter(size);
  let from = 0;
  let list = 0;
  let count = 0;
  for (let i = 0; i < frame.count; i++) {
    const kind = frame.kind(i);
    const isOutput = kind == MarkKind.Output && list < lists.length;
    const isCount = kind == MarkKind.Count && count < sums.length;
    if (!isOutput && !isCount) continue;
    out.bytes(frame.json.slice(from, frame.start(i)));
    if (isOutput) out.bytes(lists[list++].toBytes());
    else out.decimal(sums[count++]);
    from = frame.end(i);
  }
  return out.bytes(frame.json.slice(from)).toBytes();
}

import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64At } from "../../text/xxhash64";

/** Words that are compared; longer answers are compared by their beginnings. */
const MAX_WORDS: i32 = 512;
/** Answers agree when they share so many percent of their words. */
const AGREE_PERCENT: i32 = 50;

let wordsA: StaticArray<u64> = new StaticArray<u64>(MAX_WORDS);
let wordsB: StaticArray<u64> = new StaticArray<u64>(MAX_WORDS);

/**
 * Whether two answers say the same, as far as their texts tell: the same numbers, and at least half
 * of the words shared. It is a proxy: two good answers to one question may differ.
 */
export function answersAgree(a: Bytes, b: Bytes): bool {
  const countA = collect(a, wordsA, true);
  const countB = collect(b, wordsB, true);
  if (countA != countB || shared(countA, countB) != countA) return false;
  const total = collect(a, wordsA, false);
  const other = collect(b, wordsB, false);
  const common = shared(total, other);
  return common * 100 >= (total + other - common) * AGREE_PERCENT;
}

/** Distinct words, or numbers, of a text as hashes. Bytes above ASCII count as letters. */
function collect(text: Bytes, out: StaticArray<u64>, numbers: bool): i32 {
  let count = 0;
  let i = 0;
  while (i < text.length && count < MAX_WORDS) {
    let end = i;
    while (end < text.length && isPart(text.at(end), numbers)) end++;
    if (end > i) {
      const hash = xxhash64At(text.pointer + <usize>i, end - i);
      if (!has(out, count, hash)) unchecked((out[count++] = hash));
    }
    i = max(end, i + 1);
  }
  return count;
}

function isPart(c: u8, numbers: bool): bool {
  if (c >= 0x30 && c <= 0x39) return true;
  if (numbers) return false;
  return c >= 0x80 || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}

function has(list: StaticArray<u64>, count: i32, hash: u64): bool {
  for (let i = 0; i < count; i++) {
    if (unchecked(list[i]) == hash) return true;
  }
  return false;
}

function shared(countA: i32, countB: i32): i32 {
  let common = 0;
  for (let i = 0; i < countA; i++) {
    if (has(wordsB, countB, unchecked(wordsA[i]))) common++;
  }
  return common;
}

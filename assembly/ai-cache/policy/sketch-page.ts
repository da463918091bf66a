/**
 * One page of the frequency sketch, little-endian: epoch u32 · 128 counters of four bits, in four rows of
 * 32. A key has one counter in each row; its count is the least of them (count-min, with conservative
 * update). A page that is touched in a later epoch halves its counters first, so that nothing has to sweep.
 */
export const PAGE_BYTES: i32 = 68;
/** Counters of a page. */
export const PAGE_COUNTERS: u32 = 128;
/** The highest value of a counter. */
export const MOST: i32 = 15;

const ROWS: u32 = 4;
const COUNTERS_AT: usize = 4;
const WORDS: usize = 8;
const HALVED: u64 = 0x7777777777777777;
const QUARTERED: u64 = 0x3333333333333333;
const EIGHTH: u64 = 0x1111111111111111;

/** Brings the page at `p` to an epoch that is not before its own. Returns the epoch that it has then. */
export function agePage(p: usize, epoch: u32): u32 {
  const own = load<u32>(p);
  if (own >= epoch) return own;
  const shift = <u64>(epoch - own);
  const mask: u64 = shift == 1 ? HALVED : shift == 2 ? QUARTERED : shift == 3 ? EIGHTH : 0;
  for (let i: usize = 0; i < WORDS; i++) {
    const at = p + COUNTERS_AT + (i << 3);
    store<u64>(at, mask == 0 ? 0 : (load<u64>(at) >> shift) & mask);
  }
  store<u32>(p, epoch);
  return epoch;
}

/** The count of a key in the page at `p`. `key`: its lowest twenty bits choose the counters. */
export function countIn(p: usize, key: u64): i32 {
  let least = MOST;
  for (let row: u32 = 0; row < ROWS; row++) least = min(least, counterAt(p, place(key, row)));
  return least;
}

/** Counts a key. Returns its count, or −1 when nothing in the page has changed. */
export function raiseIn(p: usize, key: u64): i32 {
  const least = countIn(p, key);
  if (least == MOST) return -1;
  for (let row: u32 = 0; row < ROWS; row++) {
    const index = place(key, row);
    if (counterAt(p, index) != least) continue;
    const at = p + COUNTERS_AT + ((<usize>index) >> 1);
    store<u8>(at, <u8>(<u32>load<u8>(at) + ((index & 1) == 0 ? 1 : 16)));
  }
  return least + 1;
}

function place(key: u64, row: u32): u32 {
  return row * 32 + ((<u32>(key >> (<u64>row * 5))) & 31);
}

function counterAt(p: usize, index: u32): i32 {
  const pair = <u32>load<u8>(p + COUNTERS_AT + ((<usize>index) >> 1));
  return <i32>((index & 1) == 0 ? pair & 15 : pair >> 4);
}

/**
 * Memory shared with the host, and when garbage is collected.
 *
 * The modules use AssemblyScript's `minimal` runtime: nothing is collected until `__collect()` is
 * called, and that is safe only when no object is held by a local variable alone, that is when the
 * outermost callback has returned to the host. Every exported callback therefore runs between
 * `enter` and `leave`; the host re-enters the module (a local reply runs the response callbacks
 * inside the request callback), which is what the depth counter is for.
 */

/** Estimated bytes of garbage that may accumulate before a collection. */
const COLLECT_BUDGET: usize = 1 << 20;
/** Estimated bytes of garbage of one callback, besides what is counted. */
const CALLBACK_GARBAGE: usize = 1 << 10;

let depth: i32 = 0;
/** The number of the outermost callback that runs; those outside have none. */
let callbacks: u32 = 0;
let garbage: usize = 0;

/**
 * The exported allocator. The host calls it for every value that it returns; the block is a regular
 * `ArrayBuffer` of the exact length, so that the receiver adopts it without a copy.
 */
export function allocate(size: usize): usize {
  if (landing != 0 && size <= landingSize) return landing;
  garbage += size;
  return __new(size, idof<ArrayBuffer>());
}

/** Where the host puts the next value that is not larger than `landingSize`; 0 for a block of its own. */
let landing: usize = 0;
let landingSize: usize = 0;

/**
 * Makes the host write the next returned values of up to `size` bytes to `address` instead of a new block;
 * 0 ends this. For values that are read often and not kept.
 */
export function landAt(address: usize, size: usize): void {
  landing = address;
  landingSize = size;
}

/** A block of `size` bytes for whoever writes all that is read of it: it is not cleared. */
export function newBlock(size: i32): ArrayBuffer {
  garbage += <usize>size;
  return changetype<ArrayBuffer>(__new(<usize>size, idof<ArrayBuffer>()));
}

/** Counts `bytes` that the module allocates by itself towards the next collection. */
export function noteAllocated(bytes: usize): void {
  garbage += bytes;
}

/** Begins a callback. */
export function enter(): void {
  if (depth++ == 0) callbacks++;
}

/** A number for the callback that runs, 0 outside one: what is known in it may be known once. */
export function callbackNumber(): u32 {
  return depth == 0 ? 0 : callbacks;
}

/** Ends a callback; the outermost one collects when the budget is spent. */
export function leave(): void {
  depth--;
  garbage += CALLBACK_GARBAGE;
  if (depth == 0 && garbage > COLLECT_BUDGET) {
    garbage = 0;
    __collect();
  }
}

/**
 * Ends a callback without collecting, for the callbacks in which the host destroys a stream: a worker was
 * once seen spinning in a collection there.
 */
export function leaveWithoutCollecting(): void {
  depth--;
  garbage += CALLBACK_GARBAGE;
}

/** Out slots for host calls: data pointer, data size, and one number of up to 64 bits. */
const SLOT_POINTER: usize = memory.data(24, 8);
const SLOT_SIZE: usize = SLOT_POINTER + 4;
const SLOT_NUMBER: usize = SLOT_POINTER + 8;

/** Clears the out slots: some hosts leave them unwritten for an empty result. */
export function clearSlots(): void {
  store<u64>(SLOT_POINTER, 0);
  store<u64>(SLOT_NUMBER, 0);
}

/** Address of the slot for a returned pointer. */
export function slotPointer(): usize {
  return SLOT_POINTER;
}

/** Address of the slot for a returned size. */
export function slotSize(): usize {
  return SLOT_SIZE;
}

/** Address of the slot for a returned number. */
export function slotNumber(): usize {
  return SLOT_NUMBER;
}

/** The number in its slot, 32 bits wide. */
export function numberSlot32(): u32 {
  return load<u32>(SLOT_NUMBER);
}

/** The number in its slot, 64 bits wide. */
export function numberSlot64(): u64 {
  return load<u64>(SLOT_NUMBER);
}

/** The size in its slot. */
export function sizeSlot(): i32 {
  return <i32>load<u32>(SLOT_SIZE);
}

/**
 * Adopts the block that the host has just returned; null when it returned none, which means an empty value.
 */
export function adoptSlot(): ArrayBuffer | null {
  const pointer = load<usize>(SLOT_POINTER);
  if (pointer == 0 || load<u32>(SLOT_SIZE) == 0) return null;
  return changetype<ArrayBuffer>(pointer);
}

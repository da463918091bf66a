import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { PrefixMemory } from "./mark-policy";

const NAME = Bytes.of("ai-proxy.prompts.");
/** Values in shared data, which all workers share and where nothing can be deleted. */
const BUCKETS: u64 = 2048;
/** Prefixes in one of them; the least recently sent one is replaced. */
const ENTRIES: i32 = 16;
/** Bytes of one: a hash, and the second when it was sent last. */
const ENTRY: i32 = 12;
/** Attempts to write in competition with other workers; a lost write only delays a mark. */
const MAX_TRIES: i32 = 3;
/** A prefix is not written again within this part of its lifetime. */
const FRESH_PART: u32 = 16;

/** Prefixes that any worker has sent, in shared data: 32,768 of them in 400 KB at most. */
export class SeenPrefixes extends PrefixMemory {
  /** `life`, `now`: seconds. */
  constructor(
    private readonly life: u32,
    private readonly now: u32,
  ) {
    super();
  }

  knows(hash: u64): bool {
    const found = getShared(nameOf(hash));
    return found !== null && this.isWithin(lastIn(found.data, hash), this.life);
  }

  note(hash: u64): void {
    const name = nameOf(hash);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const found = getShared(name);
      const data = found === null ? Bytes.empty() : found.data;
      if (this.isWithin(lastIn(data, hash), this.life / FRESH_PART)) return;
      const next = withEntry(data, hash, this.now);
      const written = found === null ? setShared(name, next) : setSharedIf(name, next, found.cas);
      if (written) return;
    }
  }

  private isWithin(then: u32, seconds: u32): bool {
    return then > 0 && then + seconds > this.now;
  }
}

function nameOf(hash: u64): Bytes {
  return new ByteWriter(24)
    .bytes(NAME)
    .decimal(hash % BUCKETS)
    .toBytes();
}

/** The second when a prefix was last sent; 0 if unknown. */
function lastIn(data: Bytes, hash: u64): u32 {
  const at = entryOf(data, hash);
  return at < 0 ? 0 : load<u32>(data.pointer + <usize>at, 8);
}

/** Offset of the entry of a prefix; −1 if there is none. */
function entryOf(data: Bytes, hash: u64): i32 {
  for (let at = 0; at + ENTRY <= data.length; at += ENTRY) {
    if (load<u64>(data.pointer + <usize>at) == hash) return at;
  }
  return -1;
}

/** The entries with a new or updated one. */
function withEntry(data: Bytes, hash: u64, now: u32): Bytes {
  let at = entryOf(data, hash);
  if (at < 0 && data.length >= ENTRIES * ENTRY) at = oldestIn(data);
  const isNew = at < 0;
  const out = new ByteWriter(data.length + ENTRY).bytes(data);
  if (isNew) out.uint(hash, 8).uint(now, 4);
  const next = out.toBytes();
  if (!isNew) {
    store<u64>(next.pointer + <usize>at, hash);
    store<u32>(next.pointer + <usize>at, now, 8);
  }
  return next;
}

function oldestIn(data: Bytes): i32 {
  let oldest = 0;
  for (let at = ENTRY; at + ENTRY <= data.length; at += ENTRY) {
    const last = load<u32>(data.pointer + <usize>at, 8);
    if (last < load<u32>(data.pointer + <usize>oldest, 8)) oldest = at;
  }
  return oldest;
}

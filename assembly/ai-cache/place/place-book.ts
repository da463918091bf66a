import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { FINGERPRINT_BYTES, NO_FINGERPRINT } from "../../fingerprint/mark";
import { raiseGeneration } from "../../fingerprint/registry";
import { Place, PLACE_ID_BYTES } from "./place";

const KEY = Bytes.of("ai-cache places 1");
/** Shared data cannot be deleted: a fixed number of pages, each with room for a few places. */
const PAGES: u32 = 4096;
const PLACES_ON_A_PAGE: i32 = 8;
/** Seconds for which a plugin that may be about to be replaced is trusted. */
const DOUBT_SECONDS: u64 = 10;

const FINGERPRINT_AT: i32 = PLACE_ID_BYTES;
const GENERATION_AT: i32 = FINGERPRINT_AT + FINGERPRINT_BYTES;
const UNTIL_AT: i32 = GENERATION_AT + 8;
const CONNECTION_AT: i32 = UNTIL_AT + 8;
const ENTRY_BYTES: i32 = CONNECTION_AT + 8;

/** `until` of what is valid as long as its generation. */
const FIRM: u64 = u64.MAX_VALUE;
/** `until` of a place with different destinations. */
const MIXED: u64 = u64.MAX_VALUE - 1;

/** What is known about a place. */
export class PlaceNote {
  constructor(
    readonly fingerprint: Bytes,
    readonly generation: u64,
    /** The second until which it is valid. */
    readonly until: u64,
    /** Number of the connection on which it was seen. */
    readonly connection: u64,
  ) {}

  /** Whether there are different destinations, so that none is known before the request is sent. */
  get isMixed(): bool {
    return this.until == MIXED;
  }
}

/** What is known about `place` in this generation; null if unknown. */
export function findPlace(place: Place, generation: u64): PlaceNote | null {
  const value = getShared(pageKey(place));
  if (value === null) return null;
  const note = readNote(value.data, place);
  if (note === null || note.generation != generation) return null;
  return nowSeconds() < note.until ? note : null;
}

/** A configuration that has acted on a request. */
export class Sighting {
  constructor(
    readonly fingerprint: Bytes,
    /** The generation when the request arrived. */
    readonly generation: u64,
    /** Number of the request's connection: Envoy counts upwards. */
    readonly connection: u64,
    /** Whether the configuration may be about to be replaced. */
    readonly isSuperseded: bool,
  ) {}
}

/** Records what has acted on a request of `place`. */
export function notePlace(place: Place, seen: Sighting): void {
  const key = pageKey(place);
  const value = getShared(key);
  const page = value === null ? Bytes.empty() : value.data;
  const known = readNote(page, place);
  const until = known === null ? freshUntil(seen) : newUntil(known, seen);
  if (until == 0) return;
  const note = new PlaceNote(seen.fingerprint, seen.generation, until, seen.connection);
  const next = withNote(page, place, note);
  // A lost write is repeated by the next request.
  if (value === null) setShared(key, next);
  else setSharedIf(key, next, value.cas);
}

/** Until when an uncontested sighting is valid. */
function freshUntil(seen: Sighting): u64 {
  return seen.isSuperseded ? nowSeconds() + DOUBT_SECONDS : FIRM;
}

/** Until when a note of `seen` holds that takes the place of `known`; 0 to leave that as it is. */
function newUntil(known: PlaceNote, seen: Sighting): u64 {
  if (known.generation > seen.generation) return 0;
  if (known.generation < seen.generation) return freshUntil(seen);
  if (known.isMixed) return 0;
  const isFirm = known.until == FIRM;
  const isRunning = nowSeconds() < known.until;
  const isSame = known.fingerprint.equals(seen.fingerprint);
  if (isSame) return isFirm || (seen.isSuperseded && isRunning) ? 0 : freshUntil(seen);
  const isEarlier = seen.connection <= known.connection;
  if (isFirm && seen.isSuperseded) {
    // What seemed to be on its way out has taken a later connection: the change was taken back.
    if (!isEarlier) raiseGeneration();
    return 0;
  }
  if (!isFirm) return isRunning && isEarlier ? 0 : freshUntil(seen);
  // An answer that did not come from after ai-proxy says nothing about ai-proxy.
  if (known.fingerprint.equals(NO_FINGERPRINT)) return FIRM;
  return seen.fingerprint.equals(NO_FINGERPRINT) ? 0 : MIXED;
}

function pageKey(place: Place): Bytes {
  const page = load<u32>(place.id.pointer) % PAGES;
  return new ByteWriter(32)
    .bytes(KEY)
    .uint(<u64>page, 4)
    .toBytes();
}

function readNote(page: Bytes, place: Place): PlaceNote | null {
  for (let at = 0; at + ENTRY_BYTES <= page.length; at += ENTRY_BYTES) {
    if (!page.slice(at, at + PLACE_ID_BYTES).equals(place.id)) continue;
    const entry = page.slice(at, at + ENTRY_BYTES);
    return new PlaceNote(
      entry.slice(FINGERPRINT_AT, GENERATION_AT),
      load<u64>(entry.pointer + <usize>GENERATION_AT),
      load<u64>(entry.pointer + <usize>UNTIL_AT),
      load<u64>(entry.pointer + <usize>CONNECTION_AT),
    );
  }
  return null;
}

/** The page with this note first and the others after it; the last one falls off a full page. */
function withNote(page: Bytes, place: Place, note: PlaceNote): Bytes {
  const out = new ByteWriter(page.length + ENTRY_BYTES);
  out
    .bytes(place.id)
    .bytes(note.fingerprint)
    .uint(note.generation, 8)
    .uint(note.until, 8)
    .uint(note.connection, 8);
  let count = 1;
  for (let at = 0; at + ENTRY_BYTES <= page.length && count < PLACES_ON_A_PAGE; at += ENTRY_BYTES) {
    if (page.slice(at, at + PLACE_ID_BYTES).equals(place.id)) continue;
    out.bytes(page.slice(at, at + ENTRY_BYTES));
    count++;
  }
  return out.toBytes();
}

/**
 * The memory store with its policy, and the learning of lifetimes, as functions on numbers for simulations
 * and tests, without filters.
 */
import { Bytes } from "../proxy-wasm/bytes";
import { nowSeconds } from "../proxy-wasm/clock";
import { allocate, enter, leave } from "../proxy-wasm/memory";
import "../proxy-wasm/abort";
import { LabelNoise, NoiseCounts } from "./limit/label-noise";
import { binOf, ScoreCounts } from "./limit/score-counts";
import { labelsKept, leastLabels, Threshold } from "./limit/threshold";
import { Miniature } from "./policy/miniature";
import { Tuner } from "./policy/tuner";
import { DEFAULT_STRATEGY } from "./policy/strategy";
import { MemoryStore, PutResult, StoreLimits } from "./store/memory-store";
import { QuestionKind } from "./life/change-model";
import { ClassStore } from "./life/class-store";
import { Learner, LifeLimits } from "./life/learner";
import { Popularity } from "./life/profile-store";
import { EntrySelector } from "./store/entry-selector";
import { AnswerRecord } from "./store/record";

/** For values that the host returns. */
export function malloc(size: usize): usize {
  return allocate(size);
}

/** What a record and shared data take besides the answer. */
const FRAME: u32 = 320 + 104 + 4;
let lastHits: i32[] = [];
let opened: MemoryStore = new MemoryStore("t", new StoreLimits(1, 1 << 20));

/** Opens the store. `bytes`: of all entries. `value`: `Value`. `strategy`: its number, −1 for any. */
export function open(entries: u32, bytes: f64, value: i32, share: f64, strategy: i32): void {
  enter();
  const room = new StoreLimits(entries, <u64>bytes);
  room.value = value;
  room.tenantShare = share;
  room.strategy = strategy;
  opened = new MemoryStore("t", room);
  opened.open();
  leave();
}

/** A request for a key, without storing anything. The key that its answer was stored for, −1 for none. */
export function find(id: u32): i32 {
  enter();
  const digest = digestOf(id);
  opened.touch(digest);
  const record = opened.get(digest);
  let found = -1;
  if (record !== null) found = record.model.length == 4 ? load<i32>(record.model.pointer) : -2;
  leave();
  return found;
}

/** A request for a key, without storing anything. Whether there is an answer. */
export function look(id: u32): bool {
  return find(id) >= 0;
}

/** Stores an answer of `size` bytes, all in all. Returns a `PutResult`. */
export function put(id: u32, cost: u32, size: u32, tenant: u32): i32 {
  return putFor(id, cost, size, tenant, 0, 0);
}

/** The same with the seconds since 1970 from which it has expired, and until which it is kept; 0 for never. */
export function putFor(id: u32, cost: u32, size: u32, tenant: u32, expires: u32, kept: u32): i32 {
  enter();
  const digest = digestOf(id);
  const answer = Bytes.wrap(new ArrayBuffer(<i32>(size > FRAME ? size - FRAME : 0)));
  const model = Bytes.wrap(new ArrayBuffer(4));
  store<u32>(model.pointer, id);
  const record = new AnswerRecord(digest, 0, <u64>expires, Bytes.empty(), model, answer);
  record.kept = <u64>kept;
  record.cost = cost;
  record.tenant = tenant;
  const result = opened.put(record, digest);
  leave();
  return result;
}

/** A request for a key, and the answer stored if there is none. Whether there was one. */
export function access(id: u32, cost: u32, size: u32, tenant: u32): bool {
  if (look(id)) return true;
  put(id, cost, size, tenant);
  return false;
}

/** Lets a key find what is stored under another, as a hit by meaning does. Whether it could. */
export function alias(id: u32, origin: u32): bool {
  enter();
  const record = opened.get(digestOf(origin));
  let isDone = false;
  if (record !== null) {
    isDone = opened.putAlias(digestOf(id), record, digestOf(id)) == PutResult.Ok;
  }
  leave();
  return isDone;
}

/** What a tick does. Number of the strategy that is followed then. */
export function tick(): i32 {
  enter();
  const advice = opened.tick();
  if (advice !== null) lastHits = advice.hits;
  const state = opened.readState();
  leave();
  return state === null ? -1 : <i32>state.strategy;
}

/** Thousandths of hits that half (0), the same (1) or double (2) capacity was last estimated to give; −1 for none. */
export function adviceOf(capacity: i32): i32 {
  return capacity >= 0 && capacity < lastHits.length ? lastHits[capacity] : -1;
}

/** Requests between two ticks. */
const TICK: u32 = 128;
let miniature: Miniature = new Miniature(8, 8, 1 << 20, 0, 0);
let tuner: Tuner | null = null;
let asked: u32 = 0;

/**
 * Opens a store that holds keys alone: the classes of the policy without a store around them. `entries`: that it holds
 * about. `slots`, `bytes`: its limits. `value`: `Value`. `strategy`: its number, −1 for any.
 */
export function openMiniature(
  entries: u32,
  slots: u32,
  bytes: f64,
  value: i32,
  strategy: i32,
): void {
  enter();
  const first = strategy < 0 ? DEFAULT_STRATEGY : <u8>strategy;
  miniature = new Miniature(entries, slots, <u64>bytes, value, first);
  tuner = strategy < 0 ? new Tuner("m", <u64>bytes, value) : null;
  leave();
}

/** A request for a key to it. Whether it had an answer. */
export function accessMiniature(id: u32, cost: u32, size: u32): bool {
  enter();
  const hits = miniature.hits;
  const key = load<u64>(digestOf(id).pointer);
  miniature.access(key, cost, size);
  const tunes = tuner;
  if (tunes !== null) {
    if (asked % TICK == 0) tunes.fit(miniature.state);
    tunes.note(key, cost, size);
    if (++asked % TICK == 0) {
      const advice = tunes.tick(miniature.state, <u32>nowSeconds());
      if (advice !== null) miniature.follow(advice.best);
    }
  }
  leave();
  return miniature.hits > hits;
}

/** Number of the strategy that it follows. */
export function strategyOfMiniature(): i32 {
  return <i32>miniature.state.strategy;
}

/** Deletes the entry of a key. How many there were. */
export function purge(id: u32): i32 {
  enter();
  const found: u64[] = [];
  opened.purge(EntrySelector.entry(digestOf(id).slice(0, 8)), 0, u32.MAX_VALUE, false, found);
  const count = found.length;
  leave();
  return count;
}

/** How often a key was requested recently, 15 for 15 or more. */
export function countOf(id: u32): i32 {
  enter();
  const count = opened.countOf(digestOf(id));
  leave();
  return count;
}

/** Entries as the state has them, or as this worker has counted them. */
export function entries(own: bool): f64 {
  enter();
  const state = opened.sync();
  const count = own ? opened.known.count : state === null ? 0 : state.live;
  leave();
  return <f64>count;
}

/** Bytes as the state has them, or as this worker has counted them. */
export function bytes(own: bool): f64 {
  enter();
  const state = opened.sync();
  const count = own ? opened.known.bytes : state === null ? 0 : state.bytes;
  leave();
  return <f64>count;
}

/** Bytes of the window as the state has them, or as this worker has counted them. */
export function windowBytes(own: bool): f64 {
  enter();
  const state = opened.sync();
  let count: u64 = 0;
  if (state !== null) count = own ? opened.knownFrom(state.windowFrom).bytes : state.windowBytes;
  leave();
  return <f64>count;
}

/** Slots that have ever been used. */
export function slotsUsed(): u32 {
  enter();
  const state = opened.readState();
  const count: u32 = state === null ? 0 : state.fresh;
  leave();
  return count;
}

class Counts extends Popularity {
  countOf(_fingerprint: u64): i32 {
    return 1;
  }
}

const counts: Counts = new Counts();
let learner: Learner = new Learner(new ClassStore("L/"), "L/", 16, counts);
const limits: LifeLimits = new LifeLimits();

/** Begins to learn lives, with a store of so many entries. `least`, `most`: seconds. */
export function openLife(entries: u32, maxStale: f64, least: u32, most: u32): void {
  enter();
  learner = new Learner(new ClassStore("L/"), "L/", entries, counts);
  limits.maxStaleRate = maxStale;
  limits.least = least;
  limits.most = most;
  leave();
}

/** The life in seconds of an answer that is stored now. `kind`: `QuestionKind`. */
export function lifeOf(id: u32, kind: i32): u32 {
  enter();
  const life = learner.lifeFor(
    load<u64>(digestOf(id).pointer),
    <u64>kind,
    <QuestionKind>kind,
    limits,
  );
  leave();
  return life.seconds;
}

/**
 * Takes note that an answer of `age` seconds was replaced, by one that agrees to `score` or differs. `waited`: seconds
 * since it had expired, −1 when it had not.
 */
export function observe(
  id: u32,
  kind: i32,
  age: f64,
  score: i32,
  differs: bool,
  waited: f64,
  now: u32,
): void {
  enter();
  const key = load<u64>(digestOf(id).pointer);
  learner.observe(key, <u64>kind, <QuestionKind>kind, <u64>age, score, differs, waited, now);
  leave();
}

/** The score from which on answers of a kind agree. */
export function thresholdOf(kind: i32): i32 {
  enter();
  const threshold = learner.thresholdFor(<u64>kind, <QuestionKind>kind, 500);
  leave();
  return threshold;
}

let scores: ScoreCounts = new ScoreCounts();
const threshold: Threshold = new Threshold();
let errorLimit: f64 = 0;
let kept: f64 = 0;
let labelNoise: LabelNoise = new LabelNoise(0, 0);

/**
 * Begins to learn which hits by meaning keep a limit. `n0`, `n1`: how often labels are wrong. `keep`: labels, 0 for
 * the usual.
 */
export function openLimit(limit: f64, n0: f64, n1: f64, keep: f64): void {
  enter();
  scores = new ScoreCounts();
  labelNoise = new LabelNoise(n0, n1);
  errorLimit = limit;
  kept = keep > 0 ? keep : labelsKept(limit, labelNoise);
  threshold.fit(scores, limit, labelNoise);
  leave();
}

/** Whether an answer that was found with a score is served. */
export function limitServes(score: f64): bool {
  return binOf(score) >= threshold.bin;
}

/** Takes a label. */
export function limitLabel(score: f64, isRight: bool): void {
  scores.add(score, isRight, kept);
  if (scores.labels % 8 == 0) threshold.fit(scores, errorLimit, labelNoise);
}

/** Labels that the first test needs. */
export function limitLeast(limit: f64): f64 {
  return leastLabels(limit);
}

let noiseCounts: NoiseCounts = new NoiseCounts();

/** Counts a pair of answers to one question (`isTwin`), or to questions that a guard keeps apart. */
export function noisePair(isTwin: bool, agrees: bool): void {
  if (isTwin) noiseCounts.addTwin(agrees);
  else noiseCounts.addRefused(agrees);
}

/** How often labels are wrong, as far as it is sure: right ones called wrong, or the other way round. */
export function noiseOf(ofRight: bool): f64 {
  enter();
  const noise = noiseCounts.noise;
  const share = ofRight ? noise.rightCalledWrong : noise.wrongCalledRight;
  leave();
  return share;
}

/** Forgets the pairs. */
export function openNoise(): void {
  enter();
  noiseCounts = new NoiseCounts();
  leave();
}

/** Bytes that represent a key, spread evenly. */
function digestOf(id: u32): Bytes {
  const digest = Bytes.wrap(new ArrayBuffer(32));
  let x = <u64>id + 0x9e3779b97f4a7c15;
  for (let i: usize = 0; i < 32; i += 8) {
    // SplitMix64.
    x += 0x9e3779b97f4a7c15;
    let z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    store<u64>(digest.pointer + i, z ^ (z >> 31));
  }
  return digest;
}

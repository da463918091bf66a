import { Bytes } from "../../proxy-wasm/bytes";
import { logWarn } from "../../proxy-wasm/log";
import { xxhash64, xxhash64At } from "../../text/xxhash64";
import { canonicalForm } from "../../match/canonical";
import { featureCosine } from "../../match/question/features";
import { questionIn } from "../../match/matcher";
import { featuresOf, MAX_TOKENS, Question } from "../../match/question/question";
import { HashList } from "../../match/text/hash-list";
import { Vector } from "../vector/vector";
import { VectorIndex } from "../vector/vector-index";
import { Candidates } from "./candidates";
import { ParsedQuestions } from "./parsed-questions";
import { Postings } from "./postings";
import { QuestionNote } from "./question-note";

/** Terms of an entry: its canonical key, and its first canonical tokens. */
const MAX_TERMS: i32 = 12;
/** Most tokens of a question that are looked up, the rarest ones. */
const LOOKED_UP: i32 = 6;
/** Most entries of one list that are visited, the newest ones. */
const MAX_LIST: i32 = 256;
/** Most embedding models in use at a time; vectors of further ones are not indexed. */
const MAX_SPACES: i32 = 16;
const DIGEST: usize = 32;
/** Digest, scope and partition precede the question. */
const HEAD: usize = 3 * DIGEST;
/** Kinds of terms. */
const SEED_KEY: u64 = 1;
const SEED_TOKEN: u64 = 2;
const SEED_SIZE: u64 = 3;
const SEED_DIGEST: u64 = 4;

let tokens: HashList = new HashList(MAX_TOKENS);
const PAIR: usize = memory.data(16, 8);

/**
 * The questions that have stored answers, for one VM: found by their canonical key, by an inverted
 * index over their tokens, and by their vectors. Entries are numbered as in the store; number `n`
 * has position `n % capacity`, so that new ones take the places of old ones.
 *
 * What it finds is proposed only. `Candidates` are checked by whoever asked.
 */
export class QuestionIndex {
  private readonly entries: StaticArray<u64>;
  private readonly blocks: StaticArray<usize>;
  private readonly partitions: StaticArray<u64>;
  private readonly expires: StaticArray<u64>;
  private readonly termCounts: StaticArray<u8>;
  private readonly scores: StaticArray<f32>;
  private readonly postings: Postings;
  /** What this worker has parsed already. */
  readonly parsed: ParsedQuestions = new ParsedQuestions();
  private readonly spaces: VectorIndex[] = [];
  private live: i32 = 0;
  private leftOut: bool = false;
  private blockBytes: u64 = 0;

  /** `capacity`: most entries. */
  constructor(private readonly capacity: i32) {
    this.entries = new StaticArray<u64>(capacity);
    this.blocks = new StaticArray<usize>(capacity);
    this.partitions = new StaticArray<u64>(capacity);
    this.expires = new StaticArray<u64>(capacity);
    this.termCounts = new StaticArray<u8>(capacity);
    this.scores = new StaticArray<f32>(capacity);
    this.postings = new Postings(capacity, MAX_TERMS + 3);
  }

  /** Number of entries. */
  get size(): i32 {
    return this.live;
  }

  /** Bytes of questions and vectors, without the fixed tables. */
  get bytes(): u64 {
    let sum = this.blockBytes;
    for (let i = 0; i < this.spaces.length; i++) sum += this.spaces[i].bytes;
    return sum;
  }

  /**
   * Adds entry `entry`, replacing an older one with the same digest. A note that cannot be matched
   * semantically is ignored.
   */
  put(entry: u64, note: QuestionNote): void {
    const position = <i32>(entry % <u64>this.capacity);
    this.removeAt(position);
    const parsed = this.parsed.of(note.question);
    if (parsed === null) return;
    const question = questionIn(parsed);
    if (!question.isExplained && note.vector === null) return;
    const own = this.postings.first(hashTerm(SEED_DIGEST, note.digest));
    if (own >= 0) this.removeAt(this.postings.positionOf(own));
    const block = heap.alloc(HEAD + <usize>question.size);
    memory.copy(block, note.digest.pointer, DIGEST);
    memory.copy(block + DIGEST, note.scope.pointer, DIGEST);
    memory.copy(block + 2 * DIGEST, note.partition.pointer, DIGEST);
    memory.copy(block + HEAD, changetype<usize>(parsed), <usize>question.size);
    const partition = hashOf(note.partition);
    unchecked((this.entries[position] = entry));
    unchecked((this.blocks[position] = block));
    unchecked((this.partitions[position] = partition));
    unchecked((this.expires[position] = note.expires));
    this.live++;
    this.blockBytes += <u64>HEAD + <u64>question.size;
    this.addTerms(position, partition, question, note.digest);
    const vector = note.vector;
    if (vector !== null) this.putVector(position, partition, vector);
  }

  private addTerms(position: i32, partition: u64, question: Question, digest: Bytes): void {
    const key = canonicalForm(question, tokens);
    this.postings.add(position, hashTerm(SEED_DIGEST, digest));
    this.postings.add(position, pairOf(SEED_SIZE, partition, 0));
    this.postings.add(position, pairOf(SEED_KEY, partition, key));
    let count = 0;
    for (let i = 0; i < tokens.length && count < MAX_TERMS; i++) {
      if (i > 0 && tokens.at(i) == tokens.at(i - 1)) continue;
      this.postings.add(position, pairOf(SEED_TOKEN, partition, tokens.at(i)));
      count++;
    }
    unchecked((this.termCounts[position] = <u8>count));
  }

  private putVector(position: i32, partition: u64, vector: Vector): void {
    let space = this.spaceOf(vector);
    if (space === null) {
      if (this.spaces.length == MAX_SPACES) return this.leaveOut();
      space = new VectorIndex(vector.space, vector.dimensions, this.capacity);
      this.spaces.push(space);
    }
    space.put(position, partition, vector);
  }

  private leaveOut(): void {
    if (this.leftOut) return;
    this.leftOut = true;
    logWarn("ai-cache: the vectors of more than 16 embedding models are not indexed");
  }

  private spaceOf(vector: Vector): VectorIndex | null {
    for (let i = 0; i < this.spaces.length; i++) {
      const space = this.spaces[i];
      if (space.space == vector.space && space.dimensions == vector.dimensions) return space;
    }
    return null;
  }

  /** Removes entry `entry`, if it is indexed. */
  remove(entry: u64): void {
    const position = <i32>(entry % <u64>this.capacity);
    if (unchecked(this.entries[position]) == entry) this.removeAt(position);
  }

  private removeAt(position: i32): void {
    const block = unchecked(this.blocks[position]);
    if (block == 0) return;
    this.blockBytes -= <u64>HEAD + <u64>changetype<Question>(block + HEAD).size;
    heap.free(block);
    unchecked((this.blocks[position] = 0));
    this.postings.remove(position);
    for (let i = 0; i < this.spaces.length; i++) this.spaces[i].remove(position);
    this.live--;
  }

  /**
   * Proposes the entries of a partition with the canonical key of `question`, which mostly ask the
   * same. `now`: seconds.
   */
  findByKey(partition: Bytes, question: Question, now: u64, out: Candidates): void {
    out.clear();
    const key = canonicalForm(question, tokens);
    let node = this.postings.first(pairOf(SEED_KEY, hashOf(partition), key));
    for (let i = 0; node >= 0 && i < out.capacity; i++) {
      const position = this.postings.positionOf(node);
      if (!this.isExpired(position, now)) out.offer(position, this.similarity(question, position));
      node = this.postings.after(node);
    }
  }

  /**
   * Proposes the entries of a partition that share rare words with `question`, ranked by their whole
   * texts. `now`: seconds.
   */
  findByText(partition: Bytes, question: Question, now: u64, out: Candidates): void {
    out.clear();
    canonicalForm(question, tokens);
    this.scoreByTokens(hashOf(partition), now, out);
    for (let i = 0; i < out.length; i++) {
      out.rescore(i, this.similarity(question, out.position(i)));
    }
    out.sort();
  }

  private similarity(question: Question, position: i32): f32 {
    return featureCosine(featuresOf(question), featuresOf(this.questionAt(position)));
  }

  /** Offers the entries that share the rarest of `tokens`, by how rare what they share is. */
  private scoreByTokens(scope: u64, now: u64, out: Candidates): void {
    const total = <f64>this.postings.count(pairOf(SEED_SIZE, scope, 0));
    const touched = out.touched;
    touched.length = 0;
    for (let rank = 0; rank < LOOKED_UP; rank++) {
      const token = this.takeRarest(scope);
      if (token < 0) break;
      const term = pairOf(SEED_TOKEN, scope, tokens.at(token));
      const count = this.postings.count(term);
      tokens.drop(token);
      const weight = <f32>Math.log(1 + total / (1 + <f64>count));
      let node = this.postings.first(term);
      for (let i = 0; node >= 0 && i < MAX_LIST; i++) {
        const position = this.postings.positionOf(node);
        if (unchecked(this.scores[position]) == 0) touched.push(position);
        unchecked((this.scores[position] += weight * weight));
        node = this.postings.after(node);
      }
    }
    for (let i = 0; i < touched.length; i++) {
      const position = unchecked(touched[i]);
      const norm = sqrt<f32>(<f32>max(1, <i32>unchecked(this.termCounts[position])));
      const score = unchecked(this.scores[position]) / norm;
      unchecked((this.scores[position] = 0));
      if (!this.isExpired(position, now)) out.offer(position, score);
    }
  }

  /** Index in `tokens` of the one on the shortest list that is not empty, −1 when there is none. */
  private takeRarest(scope: u64): i32 {
    let best = -1;
    let least = i32.MAX_VALUE;
    for (let i = 0; i < tokens.length; i++) {
      const count = this.postings.count(pairOf(SEED_TOKEN, scope, tokens.at(i)));
      if (count == 0 || count >= least) continue;
      least = count;
      best = i;
    }
    return best;
  }

  /** Proposes the entries of a partition with the nearest vectors, with their similarities. */
  findByVector(partition: Bytes, vector: Vector, most: i32, now: u64, out: Candidates): void {
    out.clear();
    const space = this.spaceOf(vector);
    if (space === null) return;
    space.search(hashOf(partition), vector, most);
    for (let i = 0; i < space.count; i++) {
      const position = unchecked(space.found[i]);
      if (!this.isExpired(position, now)) out.offer(position, unchecked(space.similarity[i]));
    }
  }

  private isExpired(position: i32, now: u64): bool {
    const expires = unchecked(this.expires[position]);
    return expires != 0 && now >= expires;
  }

  /** The question of a candidate. */
  questionAt(position: i32): Question {
    return changetype<Question>(unchecked(this.blocks[position]) + HEAD);
  }

  /** Digest of the key under which the candidate's answer is stored. */
  digestAt(position: i32): Bytes {
    const digest = new ArrayBuffer(<i32>DIGEST);
    memory.copy(changetype<usize>(digest), unchecked(this.blocks[position]), DIGEST);
    return Bytes.wrap(digest);
  }

  /** Whether the candidate is of exactly this partition. */
  isOfPartition(position: i32, partition: Bytes): bool {
    return this.hasDigest(position, 2 * DIGEST, partition);
  }

  /** Whether the candidate's answer is for exactly this scope. */
  isOfScope(position: i32, scope: Bytes): bool {
    return this.hasDigest(position, DIGEST, scope);
  }

  private hasDigest(position: i32, at: usize, digest: Bytes): bool {
    if (<usize>digest.length != DIGEST) return false;
    return memory.compare(unchecked(this.blocks[position]) + at, digest.pointer, DIGEST) == 0;
  }
}

/** A partition as a number; the full digest is compared before anything is served. */
function hashOf(digest: Bytes): u64 {
  return digest.length >= 8 ? load<u64>(digest.pointer) : 0;
}

function hashTerm(seed: u64, value: Bytes): u64 {
  return xxhash64(value, seed);
}

function pairOf(seed: u64, first: u64, second: u64): u64 {
  store<u64>(PAIR, first);
  store<u64>(PAIR, second, 8);
  return xxhash64At(PAIR, 16, seed);
}

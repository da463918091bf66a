/**
 * Conversations with a model whose vendor keeps prompts, and what they cost: what is read from a cache, what is
 * written there and what is neither. Each key of the vendor's has a cache of its own.
 */
import { exponential, rng } from "./rng.mjs";

export const SYSTEM = 2;
export const FORMER = 4;
export const END = 8;
/** Prices of a token, plainly read = 1. */
const READ = 0.1;

/**
 * Requests in the order of their times (s). A session has a geometric number of turns, each of which adds `more`
 * tokens to `shared` ones, which all sessions have.
 */
export function makeRequests({
  seed,
  sessions = 1000,
  meanTurns = 10,
  shared = 20_000,
  more = 2000,
  hours = 4,
  meanGap = 45,
}) {
  const random = rng(seed);
  const requests = [];
  let id = 2;
  for (let session = 0; session < sessions; session++) {
    let time = random() * hours * 3600;
    let former = 0;
    for (let turn = 1; turn === 1 || random() > 1 / meanTurns; turn++) {
      const tokens = shared + more * turn;
      requests.push({
        time,
        session,
        former,
        formerTokens: tokens - more,
        end: id,
        tokens,
        shared,
      });
      former = id++;
      time += exponential(random, 1 / meanGap);
    }
  }
  return requests.sort((a, b) => a.time - b.time);
}

/** The caches of a vendor: what they hold, and what a request costs that has marks. */
class Vendor {
  #until = new Map();

  constructor(life, writePrice) {
    this.life = life;
    this.writePrice = writePrice;
  }

  cost(request, marks) {
    const { time, key, former, formerTokens, end, tokens, shared } = request;
    const places = [
      [SYSTEM, shared > 0 ? 1 : 0, shared],
      [FORMER, former, formerTokens],
      [END, end, tokens],
    ].filter(([mark, id]) => (marks & mark) !== 0 && id > 0);
    let read = 0;
    for (const [, id, size] of places) {
      if (this.#until.get(`${key} ${id}`) > time) read = size;
    }
    let written = 0;
    for (const [, id, size] of places) {
      this.#until.set(`${key} ${id}`, time + this.life);
      if (size > read) written = size - read;
    }
    return read * READ + written * this.writePrice + (tokens - read - written);
  }
}

/** What all requests cost. `marksOf`: of one. */
export function totalCost(requests, { life, writePrice }, marksOf) {
  const vendor = new Vendor(life, writePrice);
  let sum = 0;
  for (const request of requests) sum += vendor.cost(request, marksOf(request));
  return sum;
}

/** Marks exactly what is read again within its life. */
export function perfect(requests, { life }) {
  const nextOf = new Map();
  const marks = new Map();
  for (const request of requests.toReversed()) {
    const { time, key, former, end, shared } = request;
    const isNext = (id) => nextOf.get(`${key} ${id}`) < time + life;
    let bits = former > 0 ? FORMER : 0;
    if (isNext(end)) bits |= END;
    if (shared > 0 && isNext(1)) bits |= SYSTEM;
    marks.set(request, bits);
    if (former > 0) nextOf.set(`${key} ${former}`, time);
    if (shared > 0) nextOf.set(`${key} 1`, time);
  }
  return (request) => marks.get(request);
}
